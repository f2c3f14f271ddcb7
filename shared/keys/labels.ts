/** On what holds or shows a key: `active`, to be sealed to, or `retired`, which only opens what there is. */
export const KEY_LABEL = 'waxwing.dev/sealing-key'
/** The label by which Bitnami's controller finds its keys. */
export const BITNAMI_KEY_LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key'
/** Of a Secret that holds a private key. */
export const KEY_TYPE = 'waxwing.dev/sealing-key'
/** On such a Secret: how its seed is stored, for who should not see more than that. */
export const AT_REST_ANNOTATION = 'waxwing.dev/at-rest'
/** On such a Secret, whatever it says: the seed is to be stored as the controller's flags have it. Taken off when it is. */
export const REWRAP_ANNOTATION = 'waxwing.dev/rewrap-at-rest'

export type KeyState = 'active' | 'retired'

/** On what publishes public keys: the namespace of the controller that keeps it, and takes it away again. */
export const PUBLISHED_BY_LABEL = 'waxwing.dev/published-by'
/** On a published key: the Secret that holds the private one. */
export const KEY_SECRET_ANNOTATION = 'waxwing.dev/key-secret'
