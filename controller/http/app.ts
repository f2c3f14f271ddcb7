import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { KeyUsage } from '../../shared/keys/published.ts'
import type { PublicKey } from '../keys/keyring.ts'
import { keysBody, wantsJson } from './keys-body.ts'
import { OPENAPI } from './openapi.ts'

/** What the endpoints tell of. */
export interface AppState {
  keys: () => readonly PublicKey[]
  /** How many objects depend on each key, by its id; undefined while that is not known. */
  usage: () => ReadonlyMap<string, KeyUsage> | undefined
  /** Who counts them. */
  counter: string
  /** The holder in the published keys. */
  holder: string
  /** What is missing for being ready; nothing: ready. */
  missing: () => readonly string[]
  /** Stands before the routes that anybody may ask; those of health aside. */
  limit: RequestHandler
  rewrap: RequestHandler
  verify: RequestHandler
  /** Networks of the proxies whose X-Forwarded-For counts. */
  trustedProxy: readonly string[]
}

/** Which methods each route knows. */
export const ROUTES: Readonly<Record<string, readonly string[]>> = {
  'GET, HEAD': ['/healthz', '/readyz', '/v1/keys', '/v1/openapi.json'],
  POST: ['/v1/rewrap', '/v1/verify'],
}

/** The other routes take no body; reading a little of one lets the connection live. */
const MAX_BODY = '16kb'

/** The controller's endpoints. Public ones need and show no secret; those that do, judge by the caller's rights. */
export function createApp(state: AppState): Express {
  const { keys, usage, counter, holder, missing, limit, rewrap, verify, trustedProxy } = state
  const app = plainApp((bare) => {
    bare.set('trust proxy', trustedProxy.length > 0 ? [...trustedProxy] : false)
    // Before bodies are read: of theirs none is, before it is known whose it is.
    bare.post('/v1/rewrap', rewrap)
    bare.post('/v1/verify', verify)
  })
  app.use('/v1', limit)
  app.get('/healthz', (_request, response) => {
    response.type('text').send('ok\n')
  })
  app.get('/readyz', (_request, response) => {
    const absent = missing()
    if (absent.length === 0) response.type('text').send('ok\n')
    else
      response
        .status(503)
        .type('text')
        .send(`not ready: ${absent.join(', ')}\n`)
  })
  app.get('/v1/keys', (request, response) => {
    const { all, usage: counted } = request.query
    const counts = counted === '1' ? usage() : undefined
    const body = keysBody(keys(), {
      holder,
      all: all === '1' || counted === '1',
      json: wantsJson(request.headers.accept),
      ...(counts && { usage: { counts, counter } }),
    })
    if (counted === '1' && !counts) fail(response, 503, 'objects are not counted yet')
    else if (!body) fail(response, 503, 'no sealing key yet')
    else response.vary('Accept').type(body.type).send(body.text)
  })
  app.get('/v1/openapi.json', (_request, response) => {
    response.json(OPENAPI)
  })
  return closing(app, ROUTES)
}

/** Headers and limits that both ports have. `first`: what reads bodies of its own. */
export function plainApp(first: (app: Express) => void = () => undefined): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(helmet())
  app.use(noStore)
  first(app)
  app.use(express.raw({ type: () => true, limit: MAX_BODY, inflate: false }))
  return app
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}

/** Answers for all that is left: a known path with another method, an unknown path, a broken request. */
export function closing(app: Express, paths: Readonly<Record<string, readonly string[]>>): Express {
  for (const [allowed, those] of Object.entries(paths))
    app.all([...those], (_request, response) => {
      response.set('Allow', allowed)
      fail(response, 405, 'method not allowed')
    })
  app.use((_request, response) => fail(response, 404, 'not found'))
  app.use(failed)
  return app
}

/** Whatever is wrong with a request, its own bytes are not sent back. */
const failed: ErrorRequestHandler = (error: { status?: number }, _request, response, next) => {
  if (response.headersSent) return next(error)
  const status = error.status !== undefined && error.status >= 400 && error.status < 500 ? error.status : 500
  // The rest of a body that was refused is not read, so nothing can follow on this connection.
  response.set('Connection', 'close')
  fail(
    response,
    status,
    status === 413 ? 'body too large' : status === 500 ? 'internal error' : 'bad request',
  )
}

function fail(response: express.Response, status: number, error: string): void {
  response.status(status).json({ error })
}
