import type { ProviderAsked } from '../keys/at-rest/observed.ts'
import type { Audit } from './entry.ts'

/**
 * Notes which question fails and why, when it begins to, and when it is answered again: a provider that is away is asked
 * every few seconds.
 */
export function createProviderAudit(record: Audit): ProviderAsked {
  /** Why, by question and key. */
  const failing = new Map<string, string>()

  return ({ provider: form, operation: call, keyId }) =>
    (result) => {
      const question = `${form} ${call} ${keyId ?? ''}`
      const before = failing.get(question) ?? 'ok'
      if (result === before) return
      if (result === 'ok') failing.delete(question)
      else failing.set(question, result)
      record({
        type: 'key',
        action: 'ask-provider',
        ...(result === 'ok' ? { result: 'done' } : { result: 'failed', reason: result }),
        key: { ...(keyId !== undefined && { id: keyId }) },
        provider: { form, call },
      })
    }
}
