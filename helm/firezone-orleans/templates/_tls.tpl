{{/* Mutual TLS of silo traffic: the one place that knows the names of its settings. */}}
{{- define "firezone.tls.folder" -}}/etc/firezone/silo-tls{{- end -}}

{{- define "firezone.tls.env" -}}
{{- with .Values.siloTraffic.tls -}}
{{- $folder := include "firezone.tls.folder" $ -}}
{{- if .enabled -}}
- name: Tls__Certificate
  value: {{ printf "%s/%s" $folder .existingSecret.certificate | quote }}
- name: Tls__Key
  value: {{ printf "%s/%s" $folder .existingSecret.key | quote }}
- name: Tls__Authority
  value: {{ printf "%s/%s" $folder .existingSecret.authority | quote }}
{{- else -}}
- name: Tls__AllowPlaintext
  value: "true"
{{- end -}}
{{- end -}}
{{- end -}}
