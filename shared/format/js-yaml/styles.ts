import type * as library from 'js-yaml'

/** js-yaml's own numbers, for trees that are made or looked at without it; the compiler holds them to be the same. */
export const SCALAR_STYLE = { PLAIN: 1, DOUBLE_QUOTED: 3 } as const satisfies Pick<
  typeof library.SCALAR_STYLE,
  'PLAIN' | 'DOUBLE_QUOTED'
>
export const COLLECTION_STYLE = { BLOCK: 1 } as const satisfies Pick<typeof library.COLLECTION_STYLE, 'BLOCK'>

export const STR_TAG = 'tag:yaml.org,2002:str'
export const SEQ_TAG = 'tag:yaml.org,2002:seq'
export const MAP_TAG = 'tag:yaml.org,2002:map'
