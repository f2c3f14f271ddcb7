const pattern = (regExp: RegExp) => (text: string) => regExp.test(text)
const any = (): boolean => true

/** With a host; without a scheme it is taken for a web address, as Configu does. */
const isUrl = (text: string): boolean => {
  const url = text.includes('://') ? text : `https://${text}`
  return !/\s/.test(text) && URL.canParse(url) && /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+/i.test(url)
}
const isIpv4 = pattern(/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/)
const isIpv6 = (text: string): boolean =>
  /^[0-9a-f:.]+$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]`)
const isDate = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) || /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)
const isRegion = pattern(/^[a-z0-9]+(-?[a-z0-9]+)*$/)
const isDomain = pattern(
  /^(?=.{1,253}$)([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])$/i,
)

/**
 * The types of `.cfgu` files, and what a text must look like to be one. Lists that grow by the year (regions, currencies,
 * languages) are judged by their form, lest what is new be refused.
 */
export const VALUE_TYPES = {
  Boolean: pattern(/^(true|false|yes|no|1|0)$/i),
  Number: pattern(/^[+-]?(\d+(\.\d*)?|\.\d+)$/),
  String: any,
  JSONSchema: any,
  RegEx: any,
  UUID: pattern(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  SemVer: pattern(/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[-0-9a-z.]+)?(\+[-0-9a-z.]+)?$/i),
  IPv4: isIpv4,
  IPv6: isIpv6,
  Domain: isDomain,
  URL: isUrl,
  ConnectionString: pattern(/^[a-z][a-z0-9+.-]*:\S+$|=/i),
  Hex: pattern(/^(0[xh])?[0-9a-f]+$/i),
  Base64: (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  MD5: pattern(/^[0-9a-f]{32}$/i),
  SHA: pattern(/^([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i),
  Color: pattern(/^(#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(rgb|hsl)a?\([-0-9.,%/\sa-z]+\))$/i),
  Email: pattern(
    /^[^\s@"(),:;<>[\]]{1,64}@(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
  ),
  MobilePhone: pattern(/^\+?[0-9][-0-9 ().]{4,24}$/),
  Locale: pattern(/^[a-z]{2,4}([_-][a-z0-9]{2,8})*$/i),
  LatLong: pattern(/^\(?[+-]?\d{1,2}(\.\d+)?,\s?[+-]?\d{1,3}(\.\d+)?\)?$/),
  Country: pattern(/^[a-z]{2,3}$/i),
  Currency: pattern(/^[a-z]{3}$/i),
  DockerImage: pattern(/^[a-z0-9]([-a-z0-9._/:@]*[a-z0-9])?$/i),
  ARN: pattern(/^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+$/),
  MACAddress: pattern(/^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i),
  MIMEType: pattern(/^[a-z]+\/[-a-z0-9+.]+(\s*;.*)?$/i),
  MongoId: pattern(/^[0-9a-f]{24}$/i),
  AWSRegion: isRegion,
  AZRegion: isRegion,
  GCPRegion: isRegion,
  OracleRegion: isRegion,
  IBMRegion: isRegion,
  AlibabaRegion: isRegion,
  Language: pattern(/^[a-z]{2,3}$/i),
  DateTime: isDate,
  DateFormat: any,
  Duration: pattern(/^(\d+|P(?=.)([\d.]+[YMWD])*(T(?=.)([\d.]+[HMS])*)?|([\d.]+\s?[a-z\u00b5]+\s?)+)$/i),
  DataSize: pattern(/^[\d.]+\s?([kmgtpe]?i?b?)$/i),
  Binary: any,
} as const satisfies Record<string, (text: string) => boolean>

export type ValueType = keyof typeof VALUE_TYPES

export const VALUE_TYPE_NAMES = Object.keys(VALUE_TYPES) as ValueType[]
