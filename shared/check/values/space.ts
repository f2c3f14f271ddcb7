import { problem } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

/** `echo secret | …` adds a line break, copying adds blanks: both become part of a password, and are as they should be in a file. */
export const checkSpace: ValueCheck = ({ key, text = '', kind }) => {
  const bare = text.replace(/^\uFEFF/, '')
  if (kind !== 'line' || bare.trim() === '' || bare === bare.trim()) return undefined
  const onlyLineBreak = bare.replace(/(\r?\n)+$/, '') === bare.trim()
  return problem(onlyLineBreak ? 'value-newline' : 'value-space', key)
}
