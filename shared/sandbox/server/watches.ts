import type { ServerResponse } from 'node:http'
import type { WatchResponse } from '../request.ts'
import type { Fault } from './faults.ts'

/** The watch connections that are open. */
export interface Watches {
  open(response: ServerResponse, watch: WatchResponse, fault: Fault | undefined): void
  /** Resets all of them. */
  cut(): void
  /** All that are open now fall silent and stay open, as over a link that is broken half-way. */
  freeze(): void
  count(): number
}

interface Connection {
  destroy(): void
  frozen: boolean
}

export function createWatches(bookmarkMs: number): Watches {
  const connections = new Set<Connection>()
  return {
    open(response, watch, fault) {
      let sent = 0
      const cut = fault?.cutWatch
      const most = cut === undefined || cut === false ? undefined : cut === true ? 0 : cut.afterEvents
      const connection: Connection = { frozen: false, destroy: () => response.destroy() }
      const send = (line: string) => {
        if (connection.frozen || response.destroyed) return
        response.write(line)
        sent++
        // A reset throws away what was not sent yet, so it waits until the last event is on its way.
        if (most !== undefined && sent >= most) setImmediate(connection.destroy)
      }
      const end = () => {
        if (!connection.frozen) response.end()
      }
      response.writeHead(200, { 'Content-Type': watch.contentType, 'Cache-Control': 'no-cache, private' })
      response.flushHeaders()
      if (most === 0) return void setImmediate(connection.destroy)
      const unsubscribe = watch.start(send, end)
      const bookmarks = setInterval(() => {
        const line = watch.bookmark()
        if (line !== undefined && !connection.frozen && !response.destroyed) response.write(line)
      }, bookmarkMs)
      const timeout = setTimeout(end, watch.timeoutMs)
      connections.add(connection)
      response.on('close', () => {
        unsubscribe()
        clearInterval(bookmarks)
        clearTimeout(timeout)
        connections.delete(connection)
      })
    },
    cut() {
      for (const connection of [...connections]) connection.destroy()
    },
    freeze() {
      for (const connection of connections) connection.frozen = true
    },
    count: () => connections.size,
  }
}
