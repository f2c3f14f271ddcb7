interface Row {
  what: string
  why: string
  fix: string
}

/** What the policy refuses: `.waxwing.yaml` itself, and what does not follow its rule. */
export const POLICY = {
  'policy-malformed': {
    what: 'The policy file breaks a rule of its own format.',
    why: 'A rule that is misspelt would protect nothing, so nothing is done until it is right.',
    fix: 'Correct the line that is named.',
  },
  'policy-unmatched': {
    what: 'There is a policy, and none of its rules matches the file.',
    why: 'Nothing restricts what is in it, and nobody names its recipients.',
    fix: 'Move the file to where a rule applies, or end the rules with one of `match: "**"`.',
  },
  'policy-recipients': {
    what: 'The recipients are not those that the rule names.',
    why: 'Who is missing cannot open the values; who is there besides can.',
    fix: 'Seal to the recipients of the rule: without `-k` they are taken from it.',
  },
  'policy-scope': {
    what: 'The scope is not the one that the rule states.',
    why: 'The scope decides who may use the values under another name or in another namespace.',
    fix: 'Leave `--scope` out, so that the rule decides, and seal again.',
  },
  'policy-type': {
    what: 'The type of the Secret is none that the rule allows.',
    why: 'Whoever wrote the rule expects other Secrets here.',
    fix: 'Correct the type, or add it to `types` of the rule.',
  },
  'policy-name': {
    what: 'The name or namespace of the Secret does not fit the pattern of the rule.',
    why: 'Whoever wrote the rule expects other Secrets here.',
    fix: 'Correct the name, or move the file to where another rule applies.',
  },
  'policy-age': {
    what: 'A value is older than the rule allows, or nothing says how old it is.',
    why: 'The longer a value is in use, the more places it has leaked to.',
    fix: 'Give the value anew: what is sealed now gets the date of now.',
  },
} as const satisfies Record<string, Row>

/** What a `.cfgu` file says of the data keys and values of a Secret. */
export const SCHEMA = {
  'schema-malformed': {
    what: 'The `.cfgu` file is not one that can be read.',
    why: 'A constraint that is misspelt would check nothing, so nothing is done until it is right.',
    fix: 'Correct the line that is named.',
  },
  'schema-missing': {
    what: 'A data key that the schema requires is missing or empty.',
    why: 'The program that reads the Secret does not start without it, or not as it should.',
    fix: 'Add the value.',
  },
  'schema-key': {
    what: 'The schema does not know the data key.',
    why: 'Mostly it is misspelt, and the program reads nothing.',
    fix: 'Correct the key, or add it to the schema.',
  },
  'schema-value': {
    what: 'A value does not fit what the schema says of its key.',
    why: 'The program that reads the Secret expects something else.',
    fix: 'Correct the value, or the schema at the line that is named.',
  },
  'schema-skipped': {
    what: 'A constraint of the schema is not checked here.',
    why: 'Expressions are programs, and Waxwing runs none that a repository brings along.',
    fix: 'State it by `type`, `enum` or `pattern`, or allow this finding in the rule.',
  },
} as const satisfies Record<string, Row>
