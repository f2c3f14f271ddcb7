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
- {{ printf "--vault-addr=%s" .address | quote }}
- {{ printf "--vault-mount=%s" .mount | quote }}
- {{ printf "--vault-key=%s" .key | quote }}
{{- with .namespace }}
- {{ printf "--vault-namespace=%s" . | quote }}
{{- end }}
{{- if .role }}
- {{ printf "--vault-role=%s" .role | quote }}
- {{ printf "--vault-auth-mount=%s" .authMount | quote }}
{{- if .audience }}
- --vault-jwt-file=/run/waxwing/vault-jwt/token
{{- end }}
{{- else }}
- --vault-token-file=/run/waxwing/vault-token/token
{{- end }}
{{- if .caConfigMap }}
- --vault-ca-file=/run/waxwing/vault-ca/ca.crt
{{- end }}
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
{{- with .vault }}
{{- if and .address .role .audience }}
- { name: vault-jwt, mountPath: /run/waxwing/vault-jwt, readOnly: true }
{{- end }}
{{- if and .address (not .role) }}
- { name: vault-token, mountPath: /run/waxwing/vault-token, readOnly: true }
{{- end }}
{{- if and .address .caConfigMap }}
- { name: vault-ca, mountPath: /run/waxwing/vault-ca, readOnly: true }
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
{{- with .vault }}
{{- if and .address .role .audience }}
- name: vault-jwt
  projected:
    sources:
      - serviceAccountToken: { path: token, audience: {{ .audience | quote }} }
{{- end }}
{{- if and .address (not .role) }}
- name: vault-token
  secret: { secretName: {{ required "atRest.vault needs a role or a tokenSecret" .tokenSecret | quote }} }
{{- end }}
{{- if and .address .caConfigMap }}
- name: vault-ca
  configMap: { name: {{ .caConfigMap | quote }} }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
