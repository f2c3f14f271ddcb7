/** On what holds or shows a key: `active`, to be sealed to, or `retired`, which only opens what there is. */
export const KEY_LABEL = 'waxwing.dev/sealing-key'
/** Of a Secret that holds a private key. */
export const KEY_TYPE = 'waxwing.dev/sealing-key'

export type KeyState = 'active' | 'retired'
