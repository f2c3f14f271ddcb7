import type { Metrics } from '../metrics/metrics.ts'
import type { Verdict } from '../queue.ts'
import type { SealedEntry } from '../reconcile/brief.ts'
import type { Tracer } from './tracer.ts'

// What becomes a span, and what it says. Names after https://opentelemetry.io/docs/specs/semconv/ where it has any.

/** Whoever counts is told of beginnings and ends anyway: the same, and each is a span as well. */
export function traced(metrics: Metrics, tracer: Tracer): Metrics {
  return {
    ...metrics,
    requested(request) {
      const counted = metrics.requested(request)
      const { verb, resource, method, path } = request
      // Every replica looks at the Lease every other second, and that is no work.
      if (resource === 'leases' && !tracer.busy()) return counted
      const span = tracer.begin(`${method} ${resource}`, {
        kind: 'client',
        attributes: {
          'http.request.method': method,
          'url.path': path,
          'waxwing.api.verb': verb,
          'waxwing.api.resource': resource,
        },
      })
      return {
        headers: span.headers(),
        ended(result) {
          counted.ended(result)
          if (typeof result === 'number')
            span.end({ 'http.response.status_code': result }, result >= 400 || result < 200)
          else span.end({ 'error.type': result }, true)
        },
      }
    },
    served(request) {
      const counted = metrics.served(request)
      const { route, method, headers } = request
      if (PROBES.has(route)) return counted
      const known = METHODS.has(method) ? method : '_OTHER'
      const span = tracer.begin(`${known} ${route}`, {
        kind: 'server',
        // Not the path: strangers can write there what they like.
        attributes: { 'http.request.method': known, 'http.route': route },
        from: headers,
      })
      return {
        within: span.within,
        answered(status) {
          counted.answered(status)
          if (status === undefined) span.end({ 'error.type': 'aborted' }, true)
          else span.end({ 'http.response.status_code': status }, status >= 500)
        },
      }
    },
    providerAsked(call) {
      const counted = metrics.providerAsked(call)
      const { provider, operation } = call
      const span = tracer.begin(`${provider} ${operation}`, {
        kind: 'client',
        attributes: { 'waxwing.provider': provider, 'waxwing.provider.operation': operation },
      })
      return (result) => {
        counted(result)
        if (result === 'ok') span.end()
        else span.end({ 'error.type': result }, true)
      }
    },
    unsealed(ms, result) {
      metrics.unsealed(ms, result)
      tracer.begin('open', { agoMs: ms }).end({ 'waxwing.result': result }, result === 'error')
    },
    reconciled(result) {
      metrics.reconciled(result)
      // After a restart there may be tens of thousands of these, and each took microseconds.
      if (result === 'settled') tracer.forget()
      else tracer.note({ 'waxwing.row': result })
    },
  }
}

const PROBES = new Set(['/healthz', '/readyz'])
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

type Handle = (key: string, attempt: number) => Promise<Verdict>

/** Each reconcile is the root of a trace. */
export function tracedReconcile(
  tracer: Tracer,
  handle: Handle,
  find: (key: string) => SealedEntry | undefined,
): Handle {
  return async (key, attempt) => {
    const { namespace = '', name, uid = '', generation = 0 } = find(key)?.brief.metadata ?? { name: key }
    const span = tracer.begin('reconcile', {
      root: true,
      attributes: {
        'k8s.namespace.name': namespace,
        'waxwing.sealedsecret.name': name,
        'waxwing.sealedsecret.uid': uid,
        'waxwing.sealedsecret.generation': generation,
        'waxwing.attempt': attempt,
      },
    })
    try {
      const verdict = await span.within(() => handle(key, attempt))
      span.end({}, verdict === 'again' || verdict === 'unanswered')
      return verdict
    } catch (error) {
      span.end({ 'error.type': 'internal' }, true)
      throw error
    }
  }
}
