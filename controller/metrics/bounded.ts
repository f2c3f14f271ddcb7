/** Anybody can make up names, so only so many become values of a label; the others are all `other`. */
export function bounded(most: number): (name: string) => string {
  const names = new Set<string>()
  return (name) => {
    if (names.size < most) names.add(name)
    return names.has(name) ? name : 'other'
  }
}

/** Statuses that are worth a line of their own: https://kubernetes.io/docs/reference/using-api/api-concepts/ and ours. */
const KNOWN = new Set([
  200, 201, 202, 204, 301, 302, 304, 307, 400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 422,
  429, 500, 501, 502, 503, 504,
])

/** A status as the value of a label. A server can send any number. */
export function codeLabel(status: number): string {
  if (KNOWN.has(status)) return String(status)
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : 'other'
}
