const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** A duration as kubectl prints ages (k8s.io/apimachinery's duration.HumanDuration): two units at most. */
export function age(since: string | undefined, now: Date): string {
  const start = Date.parse(since ?? '')
  if (Number.isNaN(start)) return '<unknown>'
  const seconds = Math.floor((now.getTime() - start) / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 2 * MINUTE) return `${Math.max(0, seconds)}s`
  if (seconds < 10 * MINUTE) return two(seconds, MINUTE, 'm', 1, 's')
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`
  if (seconds < 8 * HOUR) return two(seconds, HOUR, 'h', MINUTE, 'm')
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`
  if (seconds < 8 * DAY) return two(seconds, DAY, 'd', HOUR, 'h')
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`
  if (seconds < 8 * YEAR) return two(seconds, YEAR, 'y', DAY, 'd')
  return `${Math.floor(seconds / YEAR)}y`
}

function two(seconds: number, unit: number, letter: string, smaller: number, small: string): string {
  const rest = Math.floor((seconds % unit) / smaller)
  const first = `${Math.floor(seconds / unit)}${letter}`
  return rest === 0 ? first : `${first}${rest}${small}`
}
