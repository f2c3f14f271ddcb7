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
    const answered = served({ route: routeOf(request.url), method: request.method ?? '' })
    response.once('close', () => answered(response.headersSent ? response.statusCode : undefined))
    app(request, response)
  }
}
