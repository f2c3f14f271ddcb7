import type { X509 } from './types.ts'

/** Stands for node.ts where there is no `node:crypto`: the browser. */
export const x509: X509 | undefined = undefined
