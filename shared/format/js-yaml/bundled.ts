import type * as library from 'js-yaml'

/**
 * js-yaml, evaluated when it is first asked for: bundlers make that of a `require`. With its schemas and patterns it takes a
 * tenth of what a short command lasts, and most manifests and all key files are read and written without it.
 */
export const jsYaml = (): typeof library => require('js-yaml')
