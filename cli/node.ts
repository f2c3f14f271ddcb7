#!/usr/bin/env node
import * as module from 'node:module'

/** Since Node 22.1; the types of our oldest supported Node do not know it. */
interface Caching {
  enableCompileCache?(folder: string): unknown
}

// What Node has compiled is kept below the user's own cache, where nobody else can put code; a folder of all users would not do.
const { XDG_CACHE_HOME, HOME } = process.env
const cache = XDG_CACHE_HOME || (HOME ? `${HOME}/.cache` : undefined)
if (cache?.startsWith('/')) (module as Caching).enableCompileCache?.(`${cache}/waxwing/compiled`)

// One CommonJS file: as ES modules, its parts would take as long to find and link as they take to run.
module.createRequire(import.meta.url)('./cli/main.cjs')
