import type { Express } from 'express'
import type { Registry } from 'prom-client'
import { closing, plainApp } from './app.ts'

/** The metrics, on a port of their own, so that a network policy can tell who scrapes from who fetches keys. */
export function createMetricsApp(registry: Registry): Express {
  const app = plainApp()
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics())
  })
  return closing(app, { 'GET, HEAD': ['/metrics'] })
}
