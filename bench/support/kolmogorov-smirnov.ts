/** The greatest distance of two empirical distributions. */
export function distance(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [a, b].map((list) => list.toSorted((p, q) => p - q))
  let [i, j, most] = [0, 0, 0]
  while (x && y && i < x.length && j < y.length) {
    const at = Math.min(x[i] ?? 0, y[j] ?? 0)
    while (i < x.length && (x[i] ?? 0) <= at) i += 1
    while (j < y.length && (y[j] ?? 0) <= at) j += 1
    most = Math.max(most, Math.abs(i / x.length - j / y.length))
  }
  return most
}

/** How likely two samples of one distribution are at least so far apart: the asymptotic formula of Stephens (1970). */
export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): number {
  const n = Math.sqrt((a.length * b.length) / (a.length + b.length))
  const z = (n + 0.12 + 0.11 / n) * distance(a, b)
  if (z < 0.2) return 1
  let sum = 0
  for (let k = 1; k <= 100; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * z * z)
  return Math.min(1, Math.max(0, sum))
}
