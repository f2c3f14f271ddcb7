import type { NameRule } from './resources/types.ts'

/** Names and labels, with the words of the real server about wrong ones. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'

const RULES: Record<Exclude<NameRule, 'path'>, { pattern: string; longest: number; words: string }> = {
  subdomain: {
    pattern: SUBDOMAIN,
    longest: 253,
    words:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com',",
  },
  label: {
    pattern: LABEL,
    longest: 63,
    words:
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',",
  },
  label1035: {
    pattern: LABEL_1035,
    longest: 63,
    words:
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123',",
  },
}

const WHOLE = {
  subdomain: new RegExp(`^${SUBDOMAIN}$`),
  label: new RegExp(`^${LABEL}$`),
  label1035: new RegExp(`^${LABEL_1035}$`),
}

/** What is wrong with a name; nothing when it is good. */
export function nameFaults(name: string, rule: NameRule): string[] {
  if (rule === 'path') return pathFaults(name)
  const { pattern, longest, words } = RULES[rule]
  const faults: string[] = []
  if (name.length > longest) faults.push(`must be no more than ${longest} characters`)
  if (!WHOLE[rule].test(name)) {
    const dotted = rule === 'label' && WHOLE.subdomain.test(name)
    faults.push(dotted ? 'must not contain dots' : `${words} regex used for validation is '${pattern}')`)
  }
  return faults
}

function pathFaults(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((bad) => name.includes(bad)).map((bad) => `may not contain '${bad}'`)
}

const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

export function labelKeyFaults(key: string): string[] {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  const faults: string[] = []
  if (parts.length > 2 || name.length > 63 || !QUALIFIED.test(name)) {
    faults.push(
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    )
  }
  if (parts.length === 2)
    faults.push(...nameFaults(parts[0] ?? '', 'subdomain').map((why) => `prefix part ${why}`))
  return faults
}

export function labelValueFaults(value: string): string[] {
  const faults: string[] = []
  if (value.length > 63) faults.push('must be no more than 63 bytes')
  if (value !== '' && !QUALIFIED.test(value)) {
    faults.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    )
  }
  return faults
}
