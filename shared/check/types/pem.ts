import { fromBase64, toBase64 } from '../../crypto/base64.ts'

/** RFC 7468's blocks, as strictly as Go and OpenSSL read them: a program that reads less strictly reads these too. */
export interface PemBlock {
  label: string
  der: Uint8Array
  /** By its label, or by the headers of OpenSSL's old form. */
  encrypted: boolean
}

/** `none`: no block at all. `flattened`: its line breaks are lost. `broken`: cut off, indented, not base64. */
type PemFlaw = 'none' | 'flattened' | 'broken'

export interface Pem {
  blocks: PemBlock[]
  flaw?: PemFlaw
  /** Text after the last block. Before and between blocks it is a custom: openssl itself writes it there. */
  junk: boolean
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----\s*$/
const MARK = /-----(BEGIN|END) /
/** A block's first line that goes on after its end: with base64, blanks, or a backslash and an `n`. */
const FLATTENED = /-----BEGIN [A-Z0-9 ]+-----[ \t]*[A-Za-z0-9+/\\]/

export function readPem(text: string): Pem {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const blocks: PemBlock[] = []
  const flawed = (): Pem => ({ blocks, flaw: FLATTENED.test(text) ? 'flattened' : 'broken', junk: false })
  let junk = false
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const label = BEGIN.exec(line)?.[1]
    if (label === undefined) {
      if (MARK.test(line)) return flawed()
      junk ||= line.trim() !== ''
      continue
    }
    let end = i + 1
    while (end < lines.length && !MARK.test(lines[end] ?? '')) end++
    const isClosed = lines[end]?.trimEnd() === `-----END ${label}-----`
    const block = isClosed ? readBlock(label, lines.slice(i + 1, end)) : undefined
    if (!block) return flawed()
    blocks.push(block)
    junk = false
    i = end
  }
  return blocks.length === 0 ? { blocks, flaw: 'none', junk: false } : { blocks, junk }
}

function readBlock(label: string, lines: readonly string[]): PemBlock | undefined {
  const headers = lines.some((line) => line.includes(':')) ? lines.indexOf('') + 1 : 0
  const encrypted = lines.slice(0, headers).some((line) => /^Proc-Type:.*ENCRYPTED/.test(line))
  const der = fromBase64(
    lines
      .slice(headers)
      .map((line) => line.trimEnd())
      .join(''),
  )
  if (!der || der.length === 0) return undefined
  return { label, der, encrypted: encrypted || label === 'ENCRYPTED PRIVATE KEY' }
}

/** The block alone, for readers that want PEM. */
export function pemText({ label, der }: PemBlock): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

export const isPrivateKey = ({ label }: PemBlock): boolean => label.endsWith('PRIVATE KEY')
