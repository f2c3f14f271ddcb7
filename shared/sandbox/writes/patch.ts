import type { Call } from '../api.ts'
import { mediaType, parseBody, requireDoc } from '../body.ts'
import { isDoc } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import { applyJsonPatch } from '../patch/json.ts'
import { mergePatch } from '../patch/merge.ts'
import { strategicMerge } from '../patch/strategic.ts'
import { badRequest, notFound, StatusError, unsupportedMediaType } from '../status-errors.ts'
import { apply } from './apply.ts'
import { managedByUpdate } from './finish.ts'
import { toObject } from './incoming.ts'
import { existing, replace, type Written } from './update.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

/** PATCH, in one of its four languages: https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
export function patch(call: Call): Written {
  const { type } = call
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(type.strategic ? [STRATEGIC_PATCH] : []), APPLY_PATCH]
  const language = mediaType(call.contentType)
  if (language === STRATEGIC_PATCH && !type.strategic) throw unsupportedMediaType(accepted)
  if (!accepted.includes(language))
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  if (language === APPLY_PATCH) return apply(call)
  const old = existing(call)
  if (old === undefined) throw notFound(type, call.info.name)
  const shown = type.view?.fromStored(old) ?? old
  const { value, duplicates } = parseBody(call.body, language, accepted)
  const patched = requireDoc(patchedBy(call, language, shown, value))
  const next = toObject(call, patched, duplicates)
  return { object: replace(call, old, type.view?.toStored(next) ?? next, managedByUpdate), created: false }
}

function patchedBy({ type }: Call, language: string, object: KubeObject, value: unknown): unknown {
  if (language === JSON_PATCH) {
    if (!Array.isArray(value)) throw badRequest('error decoding patch: not an array of operations')
    return applyJsonPatch(object, value)
  }
  if (!isDoc(value)) throw badRequest('error decoding patch: not a JSON object')
  return language === STRATEGIC_PATCH ? strategicMerge(object, value, type.shape) : mergePatch(object, value)
}
