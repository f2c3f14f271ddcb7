import { dump } from 'js-yaml'

export function toYaml(json: string): string {
  return dump(JSON.parse(json))
}
