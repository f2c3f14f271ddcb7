/**
 * Whether watches still tell what happens. The Lease is watched and looked at: a write of it that a look has seen and the watch
 * has not told for a while shows that the watch goes over a link that broke without a word, and the others do as well.
 */
export interface Echo {
  /** A look was answered with this version of the Lease. */
  looked(version: string | undefined): void
  /** The watch told of this one. */
  heard(version: string | undefined): void
}

/** Several renewals long, so that a server that tells late is not taken for one that tells nothing. */
const LATE_MS = 8_000

export function createEcho(clock: () => number, broken: () => void): Echo {
  let told: string | undefined
  let untoldSince: number | undefined
  /** A watch that has not told anything yet is being opened, or must not be: then its silence means nothing. */
  let tells = false

  return {
    heard(version) {
      told = version
      tells = true
      untoldSince = undefined
    },
    looked(version) {
      if (!tells || version === undefined || version === told) return
      untoldSince ??= clock()
      if (clock() - untoldSince < LATE_MS) return
      tells = false
      untoldSince = undefined
      broken()
    },
  }
}
