import { CODES, type CodeRow } from '../../../shared/codes.ts'

/** `docs/errors.md`: every code, from the table that the program itself speaks from. */
export function errorsPage(codes: Readonly<Record<string, CodeRow>> = CODES): string {
  const sections = Object.entries(codes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { what, why, fix }]) => `## ${code}\n\n${what}\n\n- Why: ${why}\n- Fix: ${fix}\n`)
  return `${HEAD}\n${sections.join('\n')}`
}

const HEAD = `# Errors and warnings

Every message of \`waxwing\` ends with its code in brackets; conditions and events of the controller carry the same codes. No message
holds a value, or any part of one. This page is generated from \`shared/codes.ts\` (\`npm run docs\`).

Exit codes: 0, done (warnings at most) · 1, what was given is at fault · 2, the command could not run (\`usage\`, \`file-read\`,
\`file-write\`, \`file-exists\`, \`environment\`, \`internal\`) · 130, interrupted · 141, whoever read the output went away.
`
