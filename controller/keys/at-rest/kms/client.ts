import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js'
import { AtRestError } from '../provider.ts'
import { methodOf } from './api.ts'
import type { KmsClient, Messages, Method } from './messages.ts'

/** What the API server gives its plugins by default. */
const DEADLINE_MS = 3_000
/** The largest answer has annotations of 32 kB. */
const MAX_MESSAGE_BYTES = 128 * 1024

const OPTIONS = {
  'grpc.initial_reconnect_backoff_ms': 100,
  // The plugin is on this machine, and a key waits for it.
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.enable_channelz': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
}

/** These say that another time may do; all others are an answer. */
const LATER = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.ABORTED,
])

/** @param address `unix:///path` */
export function connectKms(address: string, what: string): KmsClient {
  const client = new Client(address, credentials.createInsecure(), OPTIONS)
  const methods = { Status: methodOf('Status'), Decrypt: methodOf('Decrypt'), Encrypt: methodOf('Encrypt') }

  return {
    call<M extends Method>(method: M, request: Messages[M]['request']) {
      const { path, encode, decode } = methods[method] as ReturnType<typeof methodOf<M>>
      return new Promise<Messages[M]['response']>((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          encode,
          decode,
          request,
          { deadline: Date.now() + DEADLINE_MS },
          (error, response) => {
            if (error) reject(refusal(what, method, error))
            else if (response === undefined) reject(new AtRestError('refused', `${what} answered nothing`))
            else resolve(response)
          },
        )
      })
    },
    close: () => client.close(),
  }
}

/** By its code alone: its words are the plugin's, which has seen the seed. */
function refusal(what: string, method: Method, { code }: ServiceError): AtRestError {
  const name = status[code] ?? String(code)
  return LATER.has(code)
    ? new AtRestError('unavailable', `${what} does not answer (${method}: ${name})`)
    : new AtRestError('refused', `${what} says no (${method}: ${name})`)
}
