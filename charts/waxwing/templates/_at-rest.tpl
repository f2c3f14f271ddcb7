{{- /* How the seeds of sealing keys are stored: docs/keys-at-rest.md. */ -}}

{{- define "waxwing.atRestArgs" -}}
{{- with .Values.atRest }}
{{- with .wrapBy }}
- --at-rest={{ . }}
{{- end }}
{{- with .kms.socket }}
- {{ printf "--kms=unix:///run/waxwing/kms/%s" (base .) | quote }}
{{- end }}
{{- with .kms.decryptSocket }}
- {{ printf "--kms-decrypt=unix:///run/waxwing/kms-decrypt/%s" (base .) | quote }}
{{- end }}
{{- with .vault }}
{{- if .address }}
- {{ printf "--vault-mount=%s" .mount | quote }}
- {{ printf "--vault-key=%s" .key | quote }}
{{- include "waxwing.vaultArgs" (dict "name" "vault" "vault" .) }}
{{- end }}
{{- end }}
{{- include "waxwing.vaultArgs" (dict "name" "vault-decrypt" "vault" .formerVault) }}
{{- end }}
{{- end }}

{{- /* name: how its flags and volumes begin. */ -}}
{{- define "waxwing.vaultArgs" -}}
{{- $name := .name }}
{{- with .vault }}
{{- if .address }}
- {{ printf "--%s-addr=%s" $name .address | quote }}
{{- with .namespace }}
- {{ printf "--%s-namespace=%s" $name . | quote }}
{{- end }}
{{- if .role }}
- {{ printf "--%s-role=%s" $name .role | quote }}
- {{ printf "--%s-auth-mount=%s" $name .authMount | quote }}
{{- if .audience }}
- --{{ $name }}-jwt-file=/run/waxwing/{{ $name }}-jwt/token
{{- end }}
{{- else }}
- --{{ $name }}-token-file=/run/waxwing/{{ $name }}-token/token
{{- end }}
{{- if .caConfigMap }}
- --{{ $name }}-ca-file=/run/waxwing/{{ $name }}-ca/ca.crt
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "waxwing.atRestMounts" -}}
{{- with .Values.atRest }}
{{- if .kms.socket }}
- { name: kms, mountPath: /run/waxwing/kms }
{{- end }}
{{- if .kms.decryptSocket }}
- { name: kms-decrypt, mountPath: /run/waxwing/kms-decrypt }
{{- end }}
{{- range $name, $vault := dict "vault" .vault "vault-decrypt" .formerVault }}
{{- with $vault }}
{{- if and .address .role .audience }}
- { name: {{ $name }}-jwt, mountPath: /run/waxwing/{{ $name }}-jwt, readOnly: true }
{{- end }}
{{- if and .address (not .role) }}
- { name: {{ $name }}-token, mountPath: /run/waxwing/{{ $name }}-token, readOnly: true }
{{- end }}
{{- if and .address .caConfigMap }}
- { name: {{ $name }}-ca, mountPath: /run/waxwing/{{ $name }}-ca, readOnly: true }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "waxwing.atRestVolumes" -}}
{{- with .Values.atRest }}
{{- with .kms.socket }}
- name: kms
  hostPath: { path: {{ dir . | quote }}, type: Directory }
{{- end }}
{{- with .kms.decryptSocket }}
- name: kms-decrypt
  hostPath: { path: {{ dir . | quote }}, type: Directory }
{{- end }}
{{- range $name, $vault := dict "vault" .vault "vault-decrypt" .formerVault }}
{{- with $vault }}
{{- if and .address .role .audience }}
- name: {{ $name }}-jwt
  projected:
    sources:
      - serviceAccountToken: { path: token, audience: {{ .audience | quote }} }
{{- end }}
{{- if and .address (not .role) }}
- name: {{ $name }}-token
  secret: { secretName: {{ required (printf "atRest: the Vault %s needs a role or a tokenSecret" .address) .tokenSecret | quote }} }
{{- end }}
{{- if and .address .caConfigMap }}
- name: {{ $name }}-ca
  configMap: { name: {{ .caConfigMap | quote }} }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
