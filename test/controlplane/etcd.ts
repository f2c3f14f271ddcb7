/**
 * How often an object was written since it was created, by anyone and whether or not the writer heard of it:
 * the `version` that etcd keeps of each key, 0 where there is none.
 * https://etcd.io/docs/v3.6/dev-guide/api_reference_v3/ (KeyValue), over its JSON gateway.
 *
 * @param resource as etcd's keys have it: `secrets`, or `<group>/<plural>` for a custom resource
 */
export async function timesWritten(
  etcdUrl: string,
  resource: string,
  namespace: string,
): Promise<Map<string, number>> {
  const prefix = `/registry/${resource}/${namespace}/`
  // Keys only: no value leaves etcd. The end of the range is the prefix with its last byte one higher.
  const { kvs = [] } = await ask<{ kvs?: { key: string; version: string }[] }>(etcdUrl, 'kv/range', {
    key: base64(prefix),
    range_end: base64(`${prefix.slice(0, -1)}0`),
    keys_only: true,
  })
  return new Map(
    kvs.map(({ key, version }) => [
      Buffer.from(key, 'base64').toString().slice(prefix.length),
      Number(version),
    ]),
  )
}

/**
 * Raises or takes back the alarm that etcd raises by itself when its quota is used up: until it is taken back
 * etcd answers reads and refuses writes. https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota
 */
export async function spaceAlarm(etcdUrl: string, raised: boolean): Promise<void> {
  await ask(etcdUrl, 'maintenance/alarm', { action: raised ? 'ACTIVATE' : 'DEACTIVATE', alarm: 'NOSPACE' })
}

async function ask<T>(etcdUrl: string, path: string, body: object): Promise<T> {
  const response = await fetch(`${etcdUrl}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`etcd answered ${response.status}: ${await response.text()}`)
  return response.json() as Promise<T>
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
