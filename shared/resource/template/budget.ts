import { Fault } from './fault.ts'

export const MAX_STEPS = 100_000
export const MAX_WORK_BYTES = 8 * 1_048_576
export const MAX_DEPTH = 400

/**
 * What all templates of one object may use up together. A step is an action, an argument or an element of a list; bytes are
 * those that functions read and make. Whoever may write a SealedSecret writes templates, and all share one controller.
 */
export interface Budget {
  steps: number
  bytes: number
  depth: number
}

export const newBudget = (): Budget => ({ steps: MAX_STEPS, bytes: MAX_WORK_BYTES, depth: MAX_DEPTH })

export function spendSteps(budget: Budget, steps = 1): void {
  budget.steps -= steps
  if (budget.steps < 0) throw new Fault(`the templates need more than ${MAX_STEPS} steps`)
}

export function spendBytes(budget: Budget, bytes: number): void {
  budget.bytes -= bytes
  if (budget.bytes < 0) throw new Fault(`the templates work on more than ${MAX_WORK_BYTES} bytes`)
}

/** Before something large is made: is it affordable at all? It is spent when it is there. */
export function affordBytes(budget: Budget, bytes: number): void {
  spendBytes({ ...budget }, bytes)
}

/** One level of nesting more, for whatever calls itself. */
export function deeper<T>(budget: Budget, run: () => T): T {
  budget.depth -= 1
  if (budget.depth < 0) throw new Fault(`nested deeper than ${MAX_DEPTH} levels`)
  const result = run()
  budget.depth += 1
  return result
}
