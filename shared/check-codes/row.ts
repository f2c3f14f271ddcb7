/** A row of `codes.ts` for a check of a Secret's values. */
export interface CheckRow {
  /** `fail` where something will certainly not work, or gives a private key away; else `warn`. */
  severity: 'fail' | 'warn'
  what: string
  why: string
  fix: string
}
