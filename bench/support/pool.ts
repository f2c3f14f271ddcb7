/** Runs `task` for each item, at most `width` at a time. */
export async function inFlight<T>(items: readonly T[], width: number, task: (item: T) => Promise<unknown>) {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await task(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
