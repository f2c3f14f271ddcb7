import { Fault } from '../fault.ts'
import { FUNCTIONS } from './table.ts'

const words = (text: string): string[] => text.trim().split(/\s+/)

/** What Go's text/template or sprig has and this language does not, by the reason. docs/templates.md shows this table. */
export const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'its message would show a value': ['fail'],
  'it reads the environment or the network': words('env expandenv getHostByName'),
  'it depends on the time': words(`
    ago date date_in_zone date_modify dateInZone dateModify htmlDate htmlDateInZone must_date_modify mustDateModify
    now toDate mustToDate`),
  'it gives something else each time': words(`
    encryptAES genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert
    genSignedCertWithKey keys randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4
    values`),
  'its random salt would change the Secret at every reconcile': words('bcrypt htpasswd'),
  'a regular expression may take too long': words(`
    regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit mustRegexFind
    mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit`),
  'it is too slow for a controller': ['derivePassword'],
  'it changes a map in place': words('merge mergeOverwrite mustMerge mustMergeOverwrite set unset'),
  'it is not supported': words(`
    abbrev abbrevboth add1f addf adler32sum b32dec b32enc base biggest buildCustomCert call camelcase chunk clean
    decryptAES deepCopy deepEqual dig dir divf duration durationRound ext hello initials isAbs kebabcase kindIs
    kindOf maxf minf mulf mustAppend mustChunk mustCompact mustDeepCopy mustFirst mustFromJson mustHas mustInitial
    mustLast mustPrepend mustPush mustRest mustReverse mustSlice mustToJson mustToPrettyJson mustToRawJson mustUniq
    mustWithout nospace omit osBase osClean osDir osExt osIsAbs pick pluck plural push round semver semverCompare
    seq sha1sum sha512sum snakecase splitn subf swapcase title toDecimal toStrings trimall typeIs typeIsLike typeOf
    unixEpoch untitle urlJoin urlParse wrap wrapWith`),
}

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries(REFUSED).flatMap(([reason, names]) => names.map((name) => [name, reason])),
)

/** Names a function only if it is a known one: whatever else stands there may be anything. */
export function mustBeSupported(name: string, at: number): void {
  if (FUNCTIONS.has(name)) return
  const reason = REASONS.get(name)
  throw new Fault(reason ? `function \`${name}\`: ${reason}` : 'a function that neither Go nor sprig has', at)
}
