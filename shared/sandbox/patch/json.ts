import { type Doc, isDoc, sameJson, textAt } from '../json.ts'
import { badRequest, StatusError } from '../status-errors.ts'

/** JSON patch, RFC 6902, over JSON pointers, RFC 6901. The target stays as it was. */
export function applyJsonPatch(target: unknown, operations: readonly unknown[]): unknown {
  let result = structuredClone(target)
  for (const operation of operations) {
    if (!isDoc(operation)) throw badRequest('error decoding patch: an operation is not an object')
    result = applyOne(result, operation)
  }
  return result
}

function applyOne(root: unknown, operation: Doc): unknown {
  const path = pointer(operation, 'path')
  const { value } = operation
  switch (operation.op) {
    case 'add':
      return insert(root, path, value)
    case 'remove':
      return remove(root, path)
    case 'replace':
      return insert(remove(root, path), path, value, true)
    case 'move': {
      const from = pointer(operation, 'from')
      const moved = read(root, from)
      return insert(remove(root, from), path, moved)
    }
    case 'copy':
      return insert(root, path, structuredClone(read(root, pointer(operation, 'from'))))
    case 'test':
      if (!sameJson(read(root, path, true) ?? null, value ?? null)) throw refused()
      return root
    default:
      throw refused()
  }
}

/** The real server does not say which operation could not be done. */
function refused(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

function pointer(operation: Doc, field: string): string[] {
  const text = textAt(operation, field)
  if (text === '' && operation[field] === '') return []
  if (!text.startsWith('/')) throw refused()
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function read(root: unknown, path: readonly string[], lenient = false): unknown {
  let current = root
  for (const part of path) {
    if (Array.isArray(current) && isIndex(part, current.length - 1)) current = current[Number(part)]
    else if (isDoc(current) && Object.hasOwn(current, part)) current = current[part]
    else if (lenient) return undefined
    else throw refused()
  }
  return current
}

function isIndex(part: string, last: number): boolean {
  return /^(?:0|[1-9]\d*)$/.test(part) && Number(part) <= last
}

/** `replaced`: the place was there a moment ago, so an index means that place again. */
function insert(root: unknown, path: readonly string[], value: unknown, replaced = false): unknown {
  const last = path.at(-1)
  if (last === undefined) return value
  const parent = read(root, path.slice(0, -1))
  if (isDoc(parent)) parent[last] = value
  else if (!Array.isArray(parent)) throw refused()
  else if (last === '-' && !replaced) parent.push(value)
  else if (isIndex(last, parent.length)) parent.splice(Number(last), 0, value)
  else throw refused()
  return root
}

function remove(root: unknown, path: readonly string[]): unknown {
  const last = path.at(-1)
  if (last === undefined) return null
  const parent = read(root, path.slice(0, -1))
  if (isDoc(parent) && Object.hasOwn(parent, last)) delete parent[last]
  else if (Array.isArray(parent) && isIndex(last, parent.length - 1)) parent.splice(Number(last), 1)
  else throw refused()
  return root
}
