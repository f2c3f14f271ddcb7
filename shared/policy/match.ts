import picomatch from 'picomatch'
import type { GenerateRule, MaxAgeRule, Policy, Rule } from './types.ts'

/** Files in hidden folders are files too; what only some shells know (`+(a|b)`, `!(a)`) is no pattern here. */
const OPTIONS = { dot: true, noextglob: true, nonegate: true } as const

const matchers = new Map<string, (text: string) => boolean>()

/** `*`, `?`, `**`, `[a-z]`, `{a,b}`. */
export function globMatches(glob: string, text: string): boolean {
  let matcher = matchers.get(glob)
  if (!matcher) {
    matcher = picomatch(glob, OPTIONS)
    matchers.set(glob, matcher)
  }
  return matcher(text)
}

/** The first rule that fits a path. `relativePath`: from the policy's folder, with `/`. */
export const ruleFor = ({ rules }: Policy, relativePath: string): Rule | undefined =>
  rules.find(({ match }) => match.some((glob) => globMatches(glob, relativePath)))

/** The first that fits a data key. */
export const generateFor = ({ generate }: Rule, dataKey: string): GenerateRule | undefined =>
  generate.find(({ key }) => globMatches(key, dataKey))

export const maxAgeFor = ({ maxAge }: Rule, dataKey: string): MaxAgeRule | undefined =>
  maxAge.find(({ key }) => globMatches(key, dataKey))
