import { problem } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

/** Files that Windows itself reads, and formats that ask for CRLF. */
const WINDOWS = /\.(bat|cmd|eml|ics|inf|ini|ps1|psm1|reg|vbs|vcf)$/i

/** Lines as on Windows. JSON and certificates are read with any line ends, and SSH keys have a check of their own. */
export const checkCrlf: ValueCheck = ({ key, text = '', kind }) =>
  kind === 'file' && /\r\n/.test(text.trim()) && !WINDOWS.test(key) ? problem('value-crlf', key) : undefined
