import { problem } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

/** Nothing, or nothing to be seen. */
export const checkEmpty: ValueCheck = ({ key, text, kind }) =>
  kind !== 'cluster' && text !== undefined && text.trim() === '' ? problem('value-empty', key) : undefined
