import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { load } from 'js-yaml'
import type { Metric } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createMetrics } from '../../../../controller/metrics/metrics.ts'
import { quietGauges } from './gauges.ts'

// docs/metrics.md lists all metrics of ours and nothing else, and its alerts can fire.

const page = readFileSync(join(import.meta.dirname, '../../../../docs/metrics.md'), 'utf8')
const metrics = createMetrics()
metrics.measure(quietGauges)

interface Described {
  name: string
  type: string
  labels: string[]
}

const ours: Described[] = (await metrics.registry.getMetricsAsJSON())
  .filter(({ name }) => name.startsWith('waxwing_'))
  .map(({ name, type }) => ({ name, type: String(type), labels: labelsOf(name) }))

function labelsOf(name: string): string[] {
  const metric = metrics.registry.getSingleMetric(name) as Metric & { labelNames: string[] }
  return metric.labelNames.filter((label) => label !== 'le')
}

const sorted = (described: readonly Described[]) => [...described].sort((a, b) => (a.name < b.name ? -1 : 1))

test('the table is the registry: names, types and labels', () => {
  const rows = [...page.matchAll(/^\| `(waxwing_\w+)` \| (\w+) \|([^|]*)\|/gm)].map(
    ([, name = '', type = '', labels = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    }),
  )
  expect(sorted(rows)).toEqual(sorted(ours))
})

/** What an expression asks for, and whether it is one. */
function readExpression(text: string) {
  const names: { name: string; labels: string[] }[] = []
  let errors = 0
  parser.parse(text).iterate({
    enter({ name, type, from, to, node }) {
      if (type.isError) errors += 1
      if (name !== 'VectorSelector') return
      const asked = [...text.slice(from, to).matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(
        ([, label = '']) => label,
      )
      const identifier = node.getChild('Identifier')
      names.push({ name: text.slice(identifier?.from, identifier?.to), labels: asked })
    },
  })
  return { names, errors }
}

const blocks = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => load(text))
const rules = (blocks as { kind: string; spec: { groups: { rules: { alert: string; expr: string }[] }[] } }[])
  .filter(({ kind }) => kind === 'PrometheusRule')
  .flatMap(({ spec }) => spec.groups.flatMap((group) => group.rules))

/** Every series that the metric has, as an expression may name it. */
const series = new Map(
  ours.flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? ['_bucket', '_sum', '_count'].map((suffix) => [
          name + suffix,
          suffix === '_bucket' ? [...labels, 'le'] : labels,
        ])
      : [[name, labels] as const],
  ) as [string, string[]][],
)

describe('the alerts', () => {
  test('are many, each by a name of its own', () => {
    expect(rules.length).toBeGreaterThan(8)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  test.each(rules.map(({ alert, expr }) => [alert, expr]))('%s', (_alert, expr) => {
    const { names, errors } = readExpression(expr)
    expect(errors).toBe(0)
    expect(names.length).toBeGreaterThan(0)
    for (const { name, labels } of names) {
      expect(series.has(name), name).toBe(true)
      expect(series.get(name)).toEqual(expect.arrayContaining(labels))
    }
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(/, */))
    for (const label of grouped)
      expect(
        names.some(({ name }) => series.get(name)?.includes(label)),
        label,
      ).toBe(true)
  })

  test.each(['sum(waxwing_leader == 0', '1 +', 'rate(waxwing_leader[)'])('%s is no expression', (text) => {
    expect(readExpression(text).errors).toBeGreaterThan(0)
  })
})
