import { writeFile } from 'node:fs/promises'

/** Writes a kubeconfig for one server and one token: JSON, which every reader of YAML also takes. */
export async function writeKubeconfig(
  file: string,
  access: { server: string; caFile: string; token: string },
): Promise<string> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: access.server, 'certificate-authority': access.caFile } }],
    users: [{ name: 'test', user: { token: access.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  }
  await writeFile(file, JSON.stringify(config, undefined, 2), { mode: 0o600 })
  return file
}
