import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP connection between a client and a server that breaks as it is told. */
export interface Link {
  /** `host:port` for the client. */
  address: string
  /** Resets what is open. */
  cut(): void
  /** Forwards no more over what is open, in neither direction, and closes nothing. What is opened later works. */
  freeze(): void
  open(): number
  close(): Promise<void>
}

export async function startLink(port: number): Promise<Link> {
  const pairs = new Set<[Socket, Socket]>()

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const pair: [Socket, Socket] = [client, upstream]
    pairs.add(pair)
    client.pipe(upstream)
    upstream.pipe(client)
    for (const [one, other] of [pair, [upstream, client] as const]) {
      one.on('error', () => pairs.has(pair) && other.resetAndDestroy())
      one.on('close', () => {
        // Whoever is on the other end of a frozen one does not hear of it.
        if (!pairs.delete(pair)) return
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const all = new Set<Socket>()
  server.on('connection', (socket) => all.add(socket))

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const [client, upstream] of [...pairs]) {
        client.resetAndDestroy()
        upstream.destroy()
      }
    },
    freeze() {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause()
        upstream.unpipe(client).pause()
      }
      pairs.clear()
    },
    open: () => pairs.size,
    async close() {
      for (const socket of all) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
