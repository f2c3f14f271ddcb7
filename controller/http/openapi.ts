import { VERSION } from '../../shared/version.ts'

// https://spec.openapis.org/oas/v3.1.1.html; test/unit/controller/http-schema.test.ts holds the server to it.

const error = (description: string, ...words: string[]) => ({
  description,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { error: { enum: words } },
        required: ['error'],
        additionalProperties: false,
      },
    },
  },
})

const retryAfter = {
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 }, required: true },
}
const tooMany = { ...error('Too many requests.', 'too many requests'), headers: retryAfter }
const badRequest = error('The request cannot be read.', 'bad request')
const text = (description: string, pattern: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string', pattern } } },
})

const yamlAndJson = (schema: object) => ({
  'application/yaml': { schema },
  'application/json': { schema },
})
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Of the two routes that ask for a token. */
const asked = (summary: string, description: string, done: object) => ({
  summary,
  description,
  security: [{ waxwingToken: [] }, { bearer: [] }],
  requestBody: { required: true, content: yamlAndJson(ref('SealedSecret')) },
  responses: {
    200: done,
    400: badRequest,
    403: error(
      'Refused: no token, no right, no SealedSecret, or one that does not open here. It is not said which.',
      'refused',
    ),
    404: error('The controller may not review tokens and access.', 'not available'),
    429: tooMany,
    503: { ...error('The API server did not answer.', 'unavailable'), headers: retryAfter },
  },
})

const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' }
const closed = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const metadata = {
  type: 'object',
  properties: { name: { type: 'string' }, namespace: { type: 'string' } },
}
const ours = { apiVersion: { const: 'waxwing.dev/v1alpha1' } }

const recipient = closed({ key: { type: 'string' }, kem: base64, wrap: base64 })
const envelope = closed({
  id: { type: 'string' },
  suite: { type: 'string' },
  binding: { type: 'string' },
  commitment: base64,
  recipients: { type: 'array', minItems: 1, maxItems: 64, items: recipient },
})
const strings = { type: 'object', additionalProperties: { type: 'string' } }

const schemas = {
  SealedSecret: {
    type: 'object',
    properties: {
      ...ours,
      kind: { const: 'SealedSecret' },
      metadata,
      spec: closed(
        {
          scope: { enum: ['strict', 'namespace', 'cluster'] },
          envelopes: { type: 'array', maxItems: 64, items: envelope },
          data: strings,
          template: { type: 'object' },
        },
        ['scope'],
      ),
    },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
  },
  SealingKey: {
    type: 'object',
    properties: {
      ...ours,
      kind: { const: 'SealingKey' },
      metadata,
      spec: closed(
        {
          holder: { type: 'string' },
          id: { type: 'string', pattern: '^wx[a-z2-7]{26}$' },
          suite: { const: 'xwing-xsalsa20poly1305' },
          publicKey: base64,
          notBefore: { type: 'string', format: 'date-time' },
          notAfter: { type: 'string', format: 'date-time' },
        },
        ['id', 'suite', 'publicKey', 'notBefore', 'notAfter'],
      ),
    },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
  },
  SealingKeys: {
    type: 'object',
    properties: {
      apiVersion: { const: 'v1' },
      kind: { const: 'List' },
      items: { type: 'array', items: { $ref: '#/components/schemas/SealingKey' } },
    },
    required: ['apiVersion', 'kind', 'items'],
  },
}

const health = {
  '/healthz': {
    get: {
      summary: 'Whether the process lives',
      responses: { 200: text('It does.', '^ok\\n$'), 400: badRequest },
    },
  },
  '/readyz': {
    get: {
      summary: 'Whether it is of use',
      responses: {
        200: text('It is.', '^ok\\n$'),
        400: badRequest,
        503: text('What is missing.', '^not ready: '),
      },
    },
  },
}

const keys = {
  summary: 'The public keys',
  description: 'The newest active key; as a key file to commit, or JSON where `Accept` asks for it by name.',
  parameters: [
    {
      name: 'all',
      in: 'query',
      description:
        '`1`: all keys, also those that nobody should seal to any more. YAML is then several documents.',
      schema: { type: 'string' },
    },
    {
      name: 'usage',
      in: 'query',
      description: '`1`: all keys, and in their status how many objects depend on each.',
      schema: { type: 'string' },
    },
  ],
  responses: {
    200: {
      description: 'Public keys, safe to commit.',
      content: {
        // Several documents, where there are several keys: no schema can say that.
        'application/yaml': { schema: {} },
        'application/json': { schema: { oneOf: [ref('SealingKey'), ref('SealingKeys')] } },
      },
    },
    400: badRequest,
    429: tooMany,
    503: error('There is no key yet, or no count.', 'no sealing key yet', 'objects are not counted yet'),
  },
}

export const OPENAPI = {
  openapi: '3.1.1',
  info: {
    title: 'Waxwing controller',
    version: VERSION,
    description: 'Public keys and health for everybody; rewrap and verify for who may update the object.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  paths: {
    ...health,
    '/v1/keys': { get: keys },
    '/v1/openapi.json': {
      get: {
        summary: 'This document',
        responses: {
          200: {
            description: 'OpenAPI 3.1.',
            content: { 'application/json': { schema: { type: 'object', required: ['openapi'] } } },
          },
          400: badRequest,
          429: tooMany,
        },
      },
    },
    '/v1/rewrap': {
      post: asked(
        "Renew this cluster's wraps",
        "The same object with this cluster's wraps renewed to its newest key; unchanged, to the byte, where they are that already.",
        {
          description: 'The object, in the format in which it came.',
          content: yamlAndJson(ref('SealedSecret')),
        },
      ),
    },
    '/v1/verify': {
      post: asked('Whether an object opens here', 'All of its values, and its template.', {
        description: 'It opens.',
        content: { 'application/json': { schema: closed({ result: { const: 'opens' } }) } },
      }),
    },
  },
  components: {
    schemas,
    securitySchemes: {
      waxwingToken: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Waxwing-Token',
        description: "A token of audience `waxwing`; this header passes the API server's service proxy.",
      },
      bearer: { type: 'http', scheme: 'bearer', description: 'The same token, without a proxy in between.' },
    },
  },
}
