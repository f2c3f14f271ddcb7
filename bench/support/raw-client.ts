// The floor: a client that makes a first sync's writes and nothing else. Run as a process of its own:
// raw-client.ts KUBECONFIG NAMESPACE CONCURRENCY
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { inFlight } from './pool.ts'
import { VALUES } from './sealed.ts'

const [kubeconfig = '', namespace = '', concurrency = '16'] = process.argv.slice(2)
const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'))
const { server, 'certificate-authority': caFile } = clusters[0].cluster
const agent = new Agent({ keepAlive: true, ca: readFileSync(caFile), maxSockets: Number(concurrency) })
const authorization = `Bearer ${users[0].user.token}`

function call(method: string, path: string, contentType: string, body?: string): Promise<string> {
  const headers = {
    authorization,
    ...(body ? { 'content-type': contentType, 'content-length': Buffer.byteLength(body) } : {}),
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${server}${path}`, { agent, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        (response.statusCode ?? 500) < 300
          ? resolve(text)
          : reject(new Error(`${method} ${path}: ${response.statusCode}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const sealed = `/apis/waxwing.dev/v1alpha1/namespaces/${namespace}/sealedsecrets`
const secrets = `/api/v1/namespaces/${namespace}/secrets`
const { items } = JSON.parse(await call('GET', sealed, '')) as {
  items: { metadata: { name: string; uid: string; resourceVersion: string } }[]
}
const data = Object.fromEntries(
  VALUES.map((field) => [field, Buffer.alloc(field === 'url' ? 60 : 20, 'x').toString('base64')]),
)

await inFlight(items, Number(concurrency), async ({ metadata: { name, uid, resourceVersion: version } }) => {
  const owner = { apiVersion: 'waxwing.dev/v1alpha1', kind: 'SealedSecret', name, uid, controller: true }
  const metadata = { name, labels: { 'waxwing.dev/managed-by': 'waxwing' }, ownerReferences: [owner] }
  const made = JSON.parse(
    await call(
      'POST',
      secrets,
      'application/json',
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data }),
    ),
  )
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: 'Unsealed',
    message: 'the Secret has the sealed values',
    observedGeneration: 1,
    lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  })
  const { uid: secretUid, resourceVersion } = made.metadata
  const status = {
    observedGeneration: 1,
    conditions: [condition('Ready'), condition('Synced')],
    secret: { uid: secretUid, resourceVersion },
  }
  const object = {
    apiVersion: 'waxwing.dev/v1alpha1',
    kind: 'SealedSecret',
    metadata: { namespace, name, uid, resourceVersion: version },
    status,
  }
  await call('PUT', `${sealed}/${name}/status`, 'application/json', JSON.stringify(object))
})
agent.destroy()
