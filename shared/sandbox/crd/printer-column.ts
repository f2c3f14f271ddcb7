import { textAt, valueAt } from '../json.ts'
import { age } from '../resources/age.ts'
import type { Column } from '../resources/types.ts'
import { jsonPath } from './json-path.ts'

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns */
export function printerColumn(given: unknown): Column {
  const type = textAt(given, 'type') as Column['type']
  const find = jsonPath(textAt(given, 'jsonPath'))
  const priority = valueAt(given, 'priority')
  return {
    name: textAt(given, 'name'),
    type,
    ...(textAt(given, 'format') === '' ? {} : { format: textAt(given, 'format') }),
    description: textAt(given, 'description'),
    priority: typeof priority === 'number' ? priority : 0,
    cell(object, now) {
      const found = find(object)[0]
      if (found === undefined || found === null) return null
      if (type === 'date') return age(String(found), now)
      return type === 'string' && typeof found !== 'string' ? JSON.stringify(found) : found
    },
  }
}
