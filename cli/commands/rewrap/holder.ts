import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { SealError } from '../../../shared/errors.ts'
import { rewrap } from '../../../shared/format/rewrap.ts'
import type { SealedSecret } from '../../../shared/format/sealed-secret.ts'
import { isKeyId, shortId } from '../../../shared/keys/id.ts'
import { connectPosts } from '../../cluster-posts.ts'
import { randomBytes } from '../../io/random.ts'
import { readPrivateKeys, readPublicKeys } from '../../keys.ts'
import { usage } from '../../refused.ts'
import { checkSealable } from '../../sealable.ts'
import type { RewrapFlags } from './declare.ts'

/** Whose wraps are renewed. */
export interface Holder {
  /** Whether it is among the recipients of every envelope. */
  opens(sealed: SealedSecret): boolean
  /** undefined: refused, and nobody says why. */
  renew(sealed: SealedSecret): Promise<SealedSecret | undefined>
  close(): void
}

export async function holderOf(flags: RewrapFlags, signal: AbortSignal): Promise<Holder> {
  const { cluster = false, key, seed, pin } = flags
  if (pin !== undefined && !isKeyId(pin))
    throw usage('--pin is not a key id', 'An id is `wx` and 26 letters and digits.')
  if (cluster === seed.length > 0) throw usage('rewrap needs either --cluster or --seed FILE')
  if (cluster && key.length > 0) throw usage('--key goes with --seed; a cluster wraps to its own newest key')
  return cluster ? clusterHolder(flags, signal) : keyHolder(flags, signal)
}

const opensWith = (ids: ReadonlySet<string>) => (sealed: SealedSecret) =>
  sealed.envelopes.length > 0 &&
  sealed.envelopes.every(({ recipients }) => recipients.some(({ key }) => ids.has(key)))

async function keyHolder({ key, seed, pin }: RewrapFlags, signal: AbortSignal): Promise<Holder> {
  const keys = await readPrivateKeys(seed, signal)
  const given = await readPublicKeys(key, signal)
  const chosen = pin === undefined ? given : given.filter((placed) => placed.key.id === pin)
  const [newest, ...more] = chosen
  if (!newest && given.length > 0)
    throw new SealError('key-pinned', `the key ${shortId(pin ?? '')} is in none of the -k files`)
  if (!newest) throw usage('rewrap --seed needs the public key to wrap to: pass -k FILE')
  if (more.length > 0) throw usage('there are several keys in the -k files: say which by --pin ID')
  checkSealable([newest], true)
  const means = {
    kem: await chooseKem(),
    random: randomBytes,
  }
  return {
    opens: opensWith(new Set(keys.keys())),
    renew: (sealed) => rewrap(sealed, keys, newest.key, means),
    close: () => undefined,
  }
}

async function clusterHolder(flags: RewrapFlags, signal: AbortSignal): Promise<Holder> {
  const posts = await connectPosts(flags, signal)
  try {
    const ids = await posts.keyIds()
    return { opens: opensWith(ids), renew: (sealed) => posts.rewrap(sealed, ids), close: posts.close }
  } catch (error) {
    posts.close()
    throw error
  }
}
