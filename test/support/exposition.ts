/** One line of Prometheus's text format. */
export interface Series {
  name: string
  labels: Record<string, string>
  value: number
}

/** The series of a metrics page; the real parser reads it in test/metrics. */
export function readSeries(text: string): Series[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, k, v]) => [k, v])),
    value: Number(value),
  }))
}
