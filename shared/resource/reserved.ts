import { SealError } from '../errors.ts'
import type { SealedSecret, Template } from '../format/sealed-secret.ts'
import { BITNAMI_KEY_LABEL } from '../keys/labels.ts'

const PREFIX = 'waxwing.dev/'

/** What a template may not claim, or a tenant could plant a sealing key whose seed they know; throws `reserved`. */
export function checkTemplate({ type, labels, annotations }: Template): void {
  if (type?.startsWith(PREFIX)) throw reserved('type', ['spec', 'template', 'type'])
  for (const [field, map] of Object.entries({ labels, annotations }))
    for (const key of map.keys())
      if (key.startsWith(PREFIX) || key === BITNAMI_KEY_LABEL)
        throw reserved(`${field.slice(0, -1)} ${key}`, ['spec', 'template', 'metadata', field, key])
}

/** Native SealedSecrets are never served in the namespace that holds the sealing keys. */
export function checkNamespace(
  { namespace }: Pick<SealedSecret, 'namespace'>,
  controllerNamespace: string,
): void {
  if (namespace === controllerNamespace)
    throw new SealError('reserved', "this is the controller's own namespace, where its sealing keys live", {
      path: ['metadata', 'namespace'],
    })
}

const reserved = (what: string, path: string[]) =>
  new SealError('reserved', `the template's ${what} is reserved for Waxwing`, { path })
