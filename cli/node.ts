#!/usr/bin/env node
// The command on Node: runs one of the bundles beside it, as Node compiled it the last time.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { loadPart } from './compiled.ts'
import { quickSeal } from './quick.ts'

const folder = join(import.meta.dirname, 'cli')
const others = createRequire(join(folder, 'main.cjs'))
const args = process.argv.slice(2)
/** Of a command that there is not, nothing is kept: it fails. */
const command = /^[a-z]+(-[a-z]+)*$/.exec(args[0] ?? '')?.[0] ?? ''

/** Bundles stand beside each other; whatever else they ask for is Node's own. */
const parts = new Map<string, unknown>()
function load(name: string): unknown {
  if (!name.startsWith('./')) return others(name)
  if (!parts.has(name))
    parts.set(name, loadPart(join(folder, name), name === './main.cjs' ? command : '', load))
  return parts.get(name)
}

load(quickSeal(args) ? './seal.cjs' : './main.cjs')
