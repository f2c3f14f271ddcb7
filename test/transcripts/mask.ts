const DAY_MS = 86_400_000

/** Replaces what differs from run to run by words that say what stands there. Ids of known keys stay. */
export function mask(text: string, folder: string, knownIds: readonly string[], now: number): string {
  return text
    .replaceAll(folder, '<folder>')
    .replace(/[A-Za-z0-9+/]{40,}={0,2}/g, '<base64>')
    .replace(/\b[a-z][a-z2-7]{7}\.<base64>/g, '<envelope>.<base64>')
    .replace(/("?id"?: "|envelope )[a-z][a-z2-7]{7}\b/g, '$1<envelope>')
    .replace(/<sealed [a-z][a-z2-7]{7}>/g, '<sealed <envelope>>')
    .replace(/\bwaxwing-key-[a-z2-7]{8}\b/g, 'waxwing-key-<id>')
    .replace(/\bwx[a-z2-7]{26}\b/g, (id) => (knownIds.includes(id) ? id : '<key id>'))
    .replace(/\bwx[a-z2-7]{4}…/g, (short) =>
      knownIds.some((id) => id.startsWith(short.slice(0, -1))) ? short : '<short id>',
    )
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) => distance(time, time, now))
    .replace(/\b\d{4}-\d\d-\d\d\b/g, (day) => distance(day, `${day}T12:00:00Z`, now))
    .replace(/ in \d+\.\d\d s\b/g, ' in <n> s')
}

/** Dates of fixtures are years away; all others are as far from now as the command makes them. */
function distance(text: string, time: string, now: number): string {
  const noon = time === text ? now : Math.floor(now / DAY_MS) * DAY_MS + DAY_MS / 2
  const days = Math.round((Date.parse(time) - noon) / DAY_MS)
  if (Math.abs(days) > 1000) return text
  if (days === 0) return text.includes('T') ? '<now>' : '<today>'
  return days < 0 ? `<${-days} days ago>` : `<in ${days} days>`
}
