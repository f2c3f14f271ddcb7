/** A kubeconfig of one server and one token. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
export function kubeconfigText(access: { url: string; token: string; caPem?: string }): string {
  const ca =
    access.caPem === undefined
      ? []
      : [`      certificate-authority-data: ${Buffer.from(access.caPem).toString('base64')}`]
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '  - name: sandbox',
    '    cluster:',
    `      server: ${access.url}`,
    ...ca,
    'users:',
    '  - name: sandbox',
    '    user:',
    `      token: ${access.token}`,
    'contexts:',
    '  - name: sandbox',
    '    context:',
    '      cluster: sandbox',
    '      user: sandbox',
    '      namespace: default',
    'current-context: sandbox',
    '',
  ].join('\n')
}
