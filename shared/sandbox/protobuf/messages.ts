/**
 * The messages that kubectl's `create` and `auth` commands send, from the .proto files of k8s.io/api and
 * k8s.io/apimachinery. Fields that those commands never set are left out.
 */
export type FieldType =
  | 'string'
  | 'bytes'
  | 'bool'
  /** Left out when 0, as Go leaves out what is not a pointer. */
  | 'int'
  | 'time'
  | 'textMap'
  | 'bytesMap'
  | 'intOrString'
  | { message: Message }

export interface Field {
  name: string
  type: FieldType
  repeated?: true
}

export type Message = Readonly<Record<number, Field>>

const text = (name: string): Field => ({ name, type: 'string' })
const texts = (name: string): Field => ({ name, type: 'string', repeated: true })
const flag = (name: string): Field => ({ name, type: 'bool' })
const number = (name: string): Field => ({ name, type: 'int' })
const textMap = (name: string): Field => ({ name, type: 'textMap' })
const bytesMap = (name: string): Field => ({ name, type: 'bytesMap' })
const one = (name: string, message: Message): Field => ({ name, type: { message } })
const many = (name: string, message: Message): Field => ({ name, type: { message }, repeated: true })

const ownerReference: Message = {
  1: text('kind'),
  3: text('name'),
  4: text('uid'),
  5: text('apiVersion'),
  6: flag('controller'),
  7: flag('blockOwnerDeletion'),
}
const metadata = one('metadata', {
  1: text('name'),
  2: text('generateName'),
  3: text('namespace'),
  5: text('uid'),
  6: text('resourceVersion'),
  8: { name: 'creationTimestamp', type: 'time' },
  11: textMap('labels'),
  12: textMap('annotations'),
  13: many('ownerReferences', ownerReference),
  14: texts('finalizers'),
})
const policyRule: Message = {
  1: texts('verbs'),
  2: texts('apiGroups'),
  3: texts('resources'),
  4: texts('resourceNames'),
  5: texts('nonResourceURLs'),
}
const roleBinding: Message = {
  1: metadata,
  2: many('subjects', { 1: text('kind'), 2: text('apiGroup'), 3: text('name'), 4: text('namespace') }),
  3: one('roleRef', { 1: text('apiGroup'), 2: text('kind'), 3: text('name') }),
}
const role: Message = { 1: metadata, 2: many('rules', policyRule) }
const servicePort: Message = {
  1: text('name'),
  2: text('protocol'),
  3: number('port'),
  4: { name: 'targetPort', type: 'intOrString' },
  5: number('nodePort'),
  6: text('appProtocol'),
}

/** By kind; that two groups have one of the same name does not occur among these. */
export const MESSAGES: Readonly<Record<string, Message>> = {
  Namespace: {
    1: metadata,
    2: one('spec', { 1: texts('finalizers') }),
    3: one('status', { 1: text('phase') }),
  },
  Secret: {
    1: metadata,
    2: bytesMap('data'),
    3: text('type'),
    4: textMap('stringData'),
    5: flag('immutable'),
  },
  ConfigMap: { 1: metadata, 2: textMap('data'), 3: bytesMap('binaryData'), 4: flag('immutable') },
  ServiceAccount: {
    1: metadata,
    2: many('secrets', { 3: text('name') }),
    3: many('imagePullSecrets', { 1: text('name') }),
    4: flag('automountServiceAccountToken'),
  },
  Service: {
    1: metadata,
    2: one('spec', {
      1: many('ports', servicePort),
      2: textMap('selector'),
      3: text('clusterIP'),
      4: text('type'),
      7: text('sessionAffinity'),
      10: text('externalName'),
    }),
  },
  Role: role,
  ClusterRole: role,
  RoleBinding: roleBinding,
  ClusterRoleBinding: roleBinding,
  DeleteOptions: {
    1: number('gracePeriodSeconds'),
    2: one('preconditions', { 1: text('uid'), 2: text('resourceVersion') }),
    3: flag('orphanDependents'),
    4: text('propagationPolicy'),
    5: texts('dryRun'),
  },
  SelfSubjectReview: { 1: metadata },
  SelfSubjectAccessReview: {
    1: metadata,
    2: one('spec', {
      1: one('resourceAttributes', {
        1: text('namespace'),
        2: text('verb'),
        3: text('group'),
        4: text('version'),
        5: text('resource'),
        6: text('subresource'),
        7: text('name'),
      }),
      2: one('nonResourceAttributes', { 1: text('path'), 2: text('verb') }),
    }),
  },
}
