import type { Sample } from './orders.ts'

export const cell = (value: number, digits = 1): string => value.toFixed(digits).padStart(8)

export const cost = ({ wall, cpu, memory }: Sample): string =>
  `${(wall / 1000).toFixed(2)} s, ${(cpu / 1000).toFixed(2)} s of CPU, ${memory.toFixed(0)} MiB`

/** A figure, and whether it is what was wanted. */
export function print(what: string, figure: string, met: boolean, wanted: string): void {
  console.log(`${what.padEnd(26)}${figure.padEnd(54)}${met ? 'met' : 'missed'} (${wanted})`)
}
