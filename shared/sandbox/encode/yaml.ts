import { jsYaml } from '#js-yaml'

export function toYaml(json: string): string {
  return jsYaml().dump(JSON.parse(json))
}
