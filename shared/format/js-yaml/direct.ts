import * as library from 'js-yaml'

/** js-yaml, wherever modules are loaded as they come. */
export const jsYaml = (): typeof library => library
