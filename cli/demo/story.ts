import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import * as actions from './actions.ts'
import { run } from './child.ts'
import { CONTROLLER_NAMESPACE, type Stage } from './stage.ts'

/** How a story is told: headings, the commands a user would type, and what came of them. */
export interface Telling {
  step(title: string): void
  command(line: string): void
  result(text: string): void
}

const PASSWORD = 'correct horse battery staple'
const NEW_PASSWORD = 'a new one, in the next commit'

const secret = (password: string) => `apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
type: kubernetes.io/basic-auth
stringData:
  username: app
  password: ${password}
`

/** From a plain Secret to the same Secret in the cluster, by way of git. Throws when the bytes differ. */
export async function tell(stage: Stage, telling: Telling): Promise<void> {
  const { kube, repository, programs } = stage
  const cwd = repository
  const env = { ...process.env, KUBECONFIG: stage.kubeconfig, ...GIT_ENVIRONMENT }
  const [command, ...first] = programs.waxwing
  const waxwing = (...args: string[]) => run(command, [...first, ...args], { cwd, env })
  const git = (...args: string[]) => run('git', args, { cwd, env })
  const show = (line: string) => telling.command(line)

  telling.step('A cluster with the controller')
  show('kubectl apply -f charts/waxwing/crds')
  await actions.applyCrds(kube, programs.crds)
  for (const namespace of [CONTROLLER_NAMESPACE, 'shop']) await actions.createNamespace(kube, namespace)
  show(`waxwing-controller --namespace ${CONTROLLER_NAMESPACE} --cluster-name demo`)
  stage.startController()
  telling.result(`sealing key ${await actions.publishedKeyId(kube)} made and published`)

  telling.step('The public key goes into the repository')
  show('git init shop && cd shop')
  await git('init', '--quiet', '--initial-branch=main')
  show('waxwing keys fetch > cluster.key.yaml')
  await writeFile(join(cwd, 'cluster.key.yaml'), (await waxwing('keys', 'fetch')).stdout)

  telling.step('Seal a Secret, commit what is sealed')
  await sealAndCommit(PASSWORD, 'Add the database login')

  telling.step('Apply the commit; the controller makes the Secret')
  await applyAndCompare(PASSWORD)

  telling.step('Change the value the same way')
  await sealAndCommit(NEW_PASSWORD, 'Change the database password')
  await applyAndCompare(NEW_PASSWORD)

  telling.step('A tampered file makes no Secret')
  const { stdout } = await git('show', 'HEAD:db.sealed.yaml')
  show("git show HEAD:db.sealed.yaml | sed 's/name: db/name: other/' | kubectl apply -f -")
  const moved = await actions.applySealed(kube, stdout.replace('name: db', 'name: other'))
  const stalled = await actions.condition(kube, moved, 'Stalled')
  telling.result(`Stalled, ${stalled.reason}: ${stalled.message}`)

  async function sealAndCommit(password: string, message: string): Promise<void> {
    const plain = join(cwd, 'db.yaml')
    await writeFile(plain, secret(password), { mode: 0o600 })
    show('waxwing seal -k cluster.key.yaml db.yaml --write')
    const { stderr } = await waxwing('seal', '-k', 'cluster.key.yaml', 'db.yaml', '--write')
    telling.result(stderr.trim().split('\n')[0] ?? '')
    show('rm db.yaml')
    await rm(plain)
    show(`git add . && git commit -m "${message}"`)
    await git('add', '.')
    await git('commit', '--quiet', '-m', message)
    telling.result((await git('log', '-1', '--format=%h %s')).stdout.trim())
  }

  async function applyAndCompare(password: string): Promise<void> {
    show('git show HEAD:db.sealed.yaml | kubectl apply -f -')
    const applied = await actions.applySealed(kube, (await git('show', 'HEAD:db.sealed.yaml')).stdout)
    show('kubectl wait --for=condition=Ready sealedsecrets.waxwing.dev/db -n shop')
    await actions.condition(kube, applied, 'Ready')
    show("kubectl get secret db -n shop -o jsonpath='{.data.password}' | base64 -d")
    const value = await actions.secretValue(kube, 'shop', 'db', 'password')
    if (!value.equals(Buffer.from(password)))
      throw new SealError('internal', 'the Secret in the cluster is not the one that was sealed')
    telling.result(`${value.toString()}   (the same ${value.length} bytes that were sealed)`)
  }
}

/** The demo's commits neither need nor touch the user's own settings. */
const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Waxwing demo',
  GIT_AUTHOR_EMAIL: 'demo@waxwing.invalid',
  GIT_COMMITTER_NAME: 'Waxwing demo',
  GIT_COMMITTER_EMAIL: 'demo@waxwing.invalid',
}
