import { expect } from 'vitest'
import type { Code } from '../../shared/codes.ts'
import { SealError } from '../../shared/errors.ts'

declare module 'vitest' {
  interface Matchers<T> {
    /** A function, or a rejected promise's reason, that refuses with this code (and, if given, at this path). */
    toThrowWithCode(code: Code, path?: readonly (string | number)[]): T
  }
}

/** Import this file for its effect: `expect(() => …).toThrowWithCode('moved')`, `expect(promise).rejects.toThrowWithCode(…)`. */
expect.extend({
  toThrowWithCode(received: unknown, code: Code, path?: readonly (string | number)[]) {
    const error = thrownBy(received)
    const found = error instanceof SealError ? error : undefined
    const samePath = path === undefined || this.equals(found?.path, path)
    return {
      pass: found?.code === code && samePath,
      message: () => `expected a SealError with code ${code}, but got ${describeError(error)}`,
      actual: found && (path === undefined ? found.code : { code: found.code, path: found.path }),
      expected: path === undefined ? code : { code, path },
    }
  },
})

function thrownBy(received: unknown): unknown {
  if (typeof received !== 'function') return received
  try {
    received()
    return undefined
  } catch (error) {
    return error
  }
}

const describeError = (error: unknown): string =>
  error instanceof SealError ? `code ${error.code}: ${error.message}` : String(error)
