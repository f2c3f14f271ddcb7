{{- define "waxwing.fullname" -}}
{{- .Values.fullnameOverride | default "waxwing" -}}
{{- end -}}

{{- define "waxwing.selector" -}}
app.kubernetes.io/name: waxwing
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "waxwing.labels" -}}
{{ include "waxwing.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- end -}}

{{- define "waxwing.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- with .Values.image.digest -}}@{{ . }}{{- end -}}
{{- end -}}

{{/* Of keys and health; by it the CLI finds out whether TLS is spoken. */}}
{{- define "waxwing.portName" -}}
{{- if .Values.tls.secretName }}https{{ else }}http{{ end -}}
{{- end -}}

{{- define "waxwing.tlsMounts" -}}
{{- if .Values.tls.secretName }}
- { name: tls, mountPath: /etc/waxwing/tls, readOnly: true }
{{- end }}
{{- end -}}

{{/* The container does not run as root. */}}
{{- define "waxwing.tlsVolumes" -}}
{{- with .Values.tls.secretName }}
- { name: tls, secret: { secretName: {{ . | quote }}, defaultMode: 0444 } }
{{- end }}
{{- end -}}

{{/* The controller's ServiceAccount, as a binding names it. */}}
{{- define "waxwing.subject" -}}
- kind: ServiceAccount
  name: {{ include "waxwing.fullname" . }}
  namespace: {{ .Release.Namespace | quote }}
{{- end -}}

{{/* What the controller does in a namespace that it serves; docs/install.md says what each right is for. */}}
{{- define "waxwing.servedRules" -}}
- apiGroups: [waxwing.dev]
  resources: [sealedsecrets]
  verbs: [list, watch, patch]
- apiGroups: [waxwing.dev]
  resources: [sealedsecrets/status]
  verbs: [update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}
