{{- define "firezone.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for every suffix that the chart appends. */}}
{{- define "firezone.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Names of the workloads: "silo" and "front-end". Takes a dict of root and component. */}}
{{- define "firezone.workload" -}}
{{- printf "%s-%s" (include "firezone.fullname" .root) .component -}}
{{- end -}}

{{/* The workload that serves the devices' sockets. */}}
{{- define "firezone.socketComponent" -}}
{{- ternary "front-end" "silo" (eq .Values.mode "separate") -}}
{{- end -}}

{{- define "firezone.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "firezone.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Jobs before an install run before the chart's own service account is there. */}}
{{- define "firezone.hookServiceAccountName" -}}
{{- if .Values.serviceAccount.create -}}default{{- else -}}{{- default "default" .Values.serviceAccount.name -}}{{- end -}}
{{- end -}}

{{/* What selects: never changes in a release's life. */}}
{{- define "firezone.selectorLabels" -}}
app.kubernetes.io/name: {{ include "firezone.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Takes a dict of root and component. */}}
{{- define "firezone.labels" -}}
{{ include "firezone.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: firezone-orleans
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes a dict of root and image. */}}
{{- define "firezone.image" -}}
{{- $repository := .image.repository -}}
{{- with .root.Values.image.registry }}{{ $repository = printf "%s/%s" (trimSuffix "/" .) $repository }}{{ end -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .root.Chart.AppVersion .root.Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "firezone.anyHost" -}}
{{- ternary "0.0.0.0" "[::]" (eq .Values.ipFamily "IPv4") -}}
{{- end -}}
