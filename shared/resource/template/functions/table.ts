import { CHOICE } from './choice.ts'
import { COLLECTIONS } from './collections.ts'
import { ENCODINGS } from './encodings.ts'
import { LISTS } from './lists.ts'
import { LOGIC } from './logic.ts'
import { MAPS } from './maps.ts'
import { NUMBERS } from './numbers.ts'
import { PRINTING } from './printing.ts'
import type { Func } from './signature.ts'
import { STRINGS } from './strings.ts'

const GROUPS = [LOGIC, COLLECTIONS, PRINTING, CHOICE, STRINGS, ENCODINGS, NUMBERS, LISTS, MAPS]

/** Every function of the language. docs/templates.md shows them; a test compares the two. */
export const FUNCTIONS: ReadonlyMap<string, Func> = new Map(GROUPS.flatMap((group) => Object.entries(group)))
