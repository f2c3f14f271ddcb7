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
  const response = await fetch(`${etcdUrl}/v3/kv/range`, {
    method: 'POST',
    // Keys only: no value leaves etcd. The end of the range is the prefix with its last byte one higher.
    body: JSON.stringify({
      key: base64(prefix),
      range_end: base64(`${prefix.slice(0, -1)}0`),
      keys_only: true,
    }),
  })
  if (!response.ok) throw new Error(`etcd answered ${response.status}: ${await response.text()}`)
  const { kvs = [] } = (await response.json()) as { kvs?: { key: string; version: string }[] }
  return new Map(
    kvs.map(({ key, version }) => [
      Buffer.from(key, 'base64').toString().slice(prefix.length),
      Number(version),
    ]),
  )
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
