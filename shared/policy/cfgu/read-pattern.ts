import type { Spot, SpotReader } from '../spots.ts'

/** A regular expression as JavaScript has it, for that is what Configu runs. */
export function readPattern(r: SpotReader, spot: Spot): RegExp | undefined {
  const text = r.text(spot)
  if (text === undefined) return undefined
  try {
    return new RegExp(text)
  } catch {
    return r.note(spot, 'is not a regular expression')
  }
}
