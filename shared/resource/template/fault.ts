/**
 * Why a template cannot be rendered, in words of ours alone: never text of a value, nor of the template but for the names
 * of functions and keywords. `at` is the place in the template.
 */
export class Fault extends Error {
  readonly at: number | undefined

  constructor(words: string, at?: number) {
    super(words)
    this.at = at
  }
}

/** Runs what knows no places; its fault gets this one, and the words before it. */
export function placing<T>(at: number, before: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Fault) || error.at !== undefined) throw error
    throw new Fault(`${before}${error.message}`, at)
  }
}
