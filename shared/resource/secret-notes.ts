import type { Args, Note } from '../check/finding.ts'
import type { YamlNode } from '../format/yaml.ts'

/** Collects what is wrong with a Secret, so that one run tells all of it. */
export interface SecretNotes {
  readonly list: Note[]
  fail(code: SecretCode, node: YamlNode, args: Args): undefined
}

type SecretCode =
  | 'secret-field'
  | 'secret-base64'
  | 'secret-null'
  | 'secret-name'
  | 'data-key'
  | 'too-large'
  | 'reserved'
  | 'allow-unknown'

export function secretNotes(): SecretNotes {
  const list: Note[] = []
  return {
    list,
    fail(code, { at }, args) {
      list.push({ code, severity: 'fail', at, args })
      return undefined
    },
  }
}
