/** Put in at build time; absent when the sources run as they are. */
declare const __WAXWING_VERSION__: string | undefined

export const VERSION = typeof __WAXWING_VERSION__ === 'string' ? __WAXWING_VERSION__ : '0.0.0-dev'
