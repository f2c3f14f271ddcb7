import type { Kind } from '../format/nodes.ts'
import { API_VERSION } from '../format/sealed-secret.ts'

export const isSealedSecret = ({ apiVersion, kind }: Kind): boolean =>
  apiVersion === API_VERSION && kind === 'SealedSecret'
