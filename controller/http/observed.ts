import type { RequestListener } from 'node:http'
import type { HttpMetrics } from '../metrics/http.ts'
import { ROUTES } from './app.ts'

const PATHS = new Set(Object.values(ROUTES).flat())

/** Which of our routes answers a URL, as the router reads paths; `other`: none. */
export function routeOf(url = ''): string {
  const path = url
    .replace(/[?#].*$/s, '')
    .replace(/\/$/, '')
    .toLowerCase()
  return PATHS.has(path) ? path : 'other'
}

/** The same application, each of whose answers is told of. */
export function observedHttp(app: RequestListener, served: HttpMetrics['served']): RequestListener {
  return (request, response) => {
    const { url, method = '', headers } = request
    const { within, answered } = served({ route: routeOf(url), method, headers })
    response.once('close', () => answered(response.headersSent ? response.statusCode : undefined))
    if (within) within(() => app(request, response))
    else app(request, response)
  }
}
