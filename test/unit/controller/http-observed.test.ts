import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { observedHttp, routeOf } from '../../../controller/http/observed.ts'
import { type Listening, listen } from '../../../controller/http/server.ts'
import { until } from '../../support/programs.ts'

let server: Listening
afterEach(() => server?.close())

test.each([
  ['/v1/keys', '/v1/keys'],
  ['/v1/keys?all=1', '/v1/keys'],
  ['/V1/Keys/', '/v1/keys'],
  ['/v1/keys//', 'other'],
  ['/v1/keys/wx7', 'other'],
  ['/', 'other'],
  ['', 'other'],
  [undefined, 'other'],
  ['//v1/keys', 'other'],
  ['/healthz#x', '/healthz'],
  ['http://elsewhere/v1/keys', 'other'],
])('%s is the route %s', (url, route) => {
  expect(routeOf(url)).toBe(route)
})

async function start(handler: Parameters<typeof observedHttp>[0]): Promise<string[]> {
  const told: string[] = []
  const app = observedHttp(handler, ({ route, method }) => {
    told.push(`${method} ${route}`)
    return { answered: (status) => void told.push(String(status)) }
  })
  server = await listen(app, { host: '127.0.0.1', port: 0 })
  return told
}

test('an answer is told of once, with its status', async () => {
  const told = await start((_request, response) => response.writeHead(418).end('x'))
  await (await fetch(`http://${server.address}/readyz`)).text()
  await until('the end', async () => told.length > 1)
  expect(told).toEqual(['GET /readyz', '418'])
})

test('who leaves before the answer is told of as well', async () => {
  const told = await start(() => undefined)
  const [host = '', port = ''] = server.address.split(':')
  const socket = connect(Number(port), host)
  await once(socket, 'connect')
  socket.write('GET /v1/keys HTTP/1.1\r\nHost: x\r\n\r\n')
  await until('the request', async () => told.length === 1)
  socket.destroy()
  await until('the end', async () => told.length === 2)
  expect(told).toEqual(['GET /v1/keys', 'undefined'])
})
