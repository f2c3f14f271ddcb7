import { POLICY_FILE, type PolicyRecipient } from './types.ts'

/** The text of a policy for a repository that has none: its recipients open everything. */
export function firstPolicy(recipients: readonly Pick<PolicyRecipient, 'name' | 'file' | 'id'>[]): string {
  const names = recipients.map(({ name }) => quoted(name))
  const entries = recipients.flatMap(({ file, id }, i) => [
    `  ${names[i]}:`,
    `    file: ${quoted(file)}`,
    `    id: ${quoted(id)}`,
  ])
  return `# Who may open the Secrets below this folder, and what they have to look like (${POLICY_FILE}).
# The first rule that matches a file holds for it. Further fields of rules: types, name, namespace, generate, maxAge,
# schema, allow.
recipients:
${entries.join('\n')}
rules:
  - match: "**"
    recipients: [${names.join(', ')}]
    scope: strict
`
}

/** Bare where every reader takes it for a text. */
const quoted = (text: string): string =>
  /^[a-z][-a-z0-9./_]*$/i.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text)
