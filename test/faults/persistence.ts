import { setTimeout as sleep } from 'node:timers/promises'

const WORKERS = 8
const GIVE_UP_MS = 120_000

export async function inParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i] as T, i)
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
}

/** As whoever applies a commit: until it is done. */
export async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + GIVE_UP_MS; ; ) {
    try {
      return await call()
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(200)
    }
  }
}
