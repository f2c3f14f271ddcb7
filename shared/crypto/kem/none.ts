import type { MlKem } from './types.ts'

/** Stands for node.ts where there is no `node:crypto`: the browser. */
export const nodeKem = (): MlKem | undefined => undefined
