import { KEY_LABEL } from '../../shared/keys/labels.ts'
import type { Change } from '../../shared/kube/reflector.ts'
import type { KeyAudit } from '../audit/keys.ts'
import type { Log } from '../log.ts'
import type { SecretObject } from '../objects.ts'
import type { Note } from '../reconcile/transition.ts'
import type { AtRest } from './at-rest/at-rest.ts'
import type { Keyring } from './keyring.ts'

export interface KeyTakingParts {
  keyring: Keyring
  atRest: Pick<AtRest, 'saw' | 'gone'>
  audit?: Pick<KeyAudit, 'saw' | 'gone'> | undefined
  log: Log
  /** Must not block. */
  tell: (secret: SecretObject, note: Note) => void
}

export interface KeyWatchParts extends KeyTakingParts {
  synced: () => void
}

/** Takes key Secrets into the keyring. A malformed one is reported and skipped; it hides none of the others. */
export async function followKeys(
  changes: AsyncIterable<Change<SecretObject>>,
  { synced, ...parts }: KeyWatchParts,
): Promise<void> {
  let listed = false
  for await (const change of changes) {
    if (change.type === 'listing') continue
    if (change.type === 'synced') {
      listed = true
      synced()
    } else if (change.type === 'delete') {
      parts.keyring.remove(change.id.name)
      parts.atRest.gone(change.id.name)
      parts.audit?.gone(change.id.name)
      parts.log.warn({ secret: change.id.name }, 'a sealing key is gone')
    }
    // No Event for what was there at the start: a restart is no news, and must write nothing.
    else await takeKey(change.object, parts, listed)
  }
}

/** `news`: worth an Event. */
export async function takeKey(
  secret: SecretObject,
  { keyring, atRest, audit, log, tell }: KeyTakingParts,
  news: boolean,
): Promise<void> {
  const reading = await keyring.upsert(secret)
  const fields = { secret: secret.metadata.name, state: secret.metadata.labels?.[KEY_LABEL] }
  if (reading.kind === 'key') log.info({ ...fields, key: reading.key.public.id }, 'loaded a sealing key')
  else if (reading.kind === 'wrapped')
    log.error({ ...fields, why: reading.why }, 'a sealing key is wrapped and cannot be opened; trying again')
  else {
    log.error({ ...fields, why: reading.why }, 'skipped a malformed sealing key')
    if (news) tell(secret, malformedNote(reading.why))
  }
  audit?.saw(secret, reading)
  atRest.saw(secret, reading)
}

const malformedNote = (why: string): Note => ({
  type: 'Warning',
  reason: 'MalformedSealingKey',
  action: 'LoadKey',
  note: `Not used as a sealing key: ${why}.`,
})
