import { notAcceptable } from '../status-errors.ts'

/** How an answer shall look: https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources */
export interface Format {
  as: 'object' | 'partial' | 'table'
  yaml: boolean
}

const AS: Record<string, Format['as']> = {
  '': 'object',
  Table: 'table',
  PartialObjectMetadata: 'partial',
  PartialObjectMetadataList: 'partial',
}
const JSON_RANGES = new Set(['application/json', 'application/*', '*/*', ''])

/** The first of the accepted types that can be had; 406 when there is none (protobuf alone, say). */
export function negotiate(accept: string): Format {
  for (const range of accept.split(',')) {
    const [type = '', ...params] = range.split(';').map((part) => part.trim())
    const yaml = type.toLowerCase() === 'application/yaml'
    const form = AS[params.find((param) => param.startsWith('as='))?.slice(3) ?? '']
    if (form !== undefined && (yaml || JSON_RANGES.has(type.toLowerCase()))) return { as: form, yaml }
  }
  throw notAcceptable(['application/json', 'application/yaml'])
}
