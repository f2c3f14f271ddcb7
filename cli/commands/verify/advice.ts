import type { Finding } from '../../../shared/check/finding.ts'

/** What comes out of a pipe was mostly made by kustomize or Helm, which rename what is in git. */
const PIPED =
  'take `namePrefix`, `nameSuffix` and `namespace` of kustomize off it; `--scope namespace` allows any name.'

/** What to do about an object that was moved, as far as it is known what it was sealed for. */
export function withAdvice(finding: Finding): Finding {
  if (finding.code !== 'moved' || finding.hint !== undefined) return finding
  const { origin } = finding.args
  const sealed = origin === undefined ? '' : `It was sealed for ${origin}: `
  const restore =
    origin === undefined ? 'Seal it again for what it is here' : 'restore that, or seal it again'
  if (finding.file === 'stdin') return { ...finding, hint: `${sealed}${restore}, or ${PIPED}` }
  return origin === undefined ? finding : { ...finding, hint: `${sealed}${restore}.` }
}
