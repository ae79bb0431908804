{{/* What the chart itself sets. Takes a dict of root and component; gives a YAML list. */}}
{{- define "firezone.env" -}}
{{- $v := .root.Values -}}
{{- $silo := eq .component "silo" -}}
{{- $sockets := eq .component (include "firezone.socketComponent" .root) -}}
{{- $any := include "firezone.anyHost" .root -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{ include "firezone.env.database" .root }}
- name: Orleans__ClusterId
  value: {{ $v.cluster.id | quote }}
- name: Orleans__ServiceId
  value: {{ $v.cluster.id | quote }}
{{ include "firezone.tls.env" .root }}
{{- if $silo }}
{{- with $v.database.replica.existingSecret }}
{{- if .name }}
- name: FIREZONE_DATABASE_REPLICA
  valueFrom:
    secretKeyRef:
      name: {{ .name | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- end }}
{{ include "firezone.env.databaseWait" .root }}
- name: Firezone__Region
  value: {{ $v.cluster.region | quote }}
- name: Silo__Port
  value: {{ $v.siloTraffic.port | quote }}
- name: Silo__GatewayPort
  value: {{ $v.siloTraffic.gatewayPort | quote }}
- name: Silo__AdvertisedAddress
  valueFrom:
    fieldRef:
      fieldPath: {{ ternary "status.podIP" "status.hostIP" (eq $v.siloTraffic.advertise "PodIP") }}
# The node's address is not the pod's own.
- name: Silo__ListenOnAnyAddress
  value: {{ eq $v.siloTraffic.advertise "HostIP" | quote }}
- name: Silo__FrontEnd
  value: {{ $sockets | quote }}
- name: Silo__HealthPort
  value: {{ $v.health.port | quote }}
- name: Admin__Url
  value: {{ ternary (printf "http://%s:%v" $any $v.admin.port) "" $v.admin.enabled | quote }}
- name: Operations__Url
  value: {{ ternary (printf "http://%s:%v" $any $v.operations.port) "" $v.operations.enabled | quote }}
{{- if $v.operations.enabled }}
{{ include "firezone.env.operations" .root }}
{{- end }}
{{- with $v.silo.expectedSilos }}
- name: Membership__ExpectedSilos
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if $sockets }}
{{ include "firezone.env.frontEnd" .root }}
{{- end }}
- name: Telemetry__TraceRatio
  value: {{ $v.otlp.traceRatio | quote }}
{{ include "firezone.env.telemetry" .root }}
{{- range $category, $level := $v.logLevel }}
- name: {{ printf "Logging__LogLevel__%s" $category | quote }}
  value: {{ $level | quote }}
{{- end }}
# The root file system is read-only and nobody attaches a debugger.
- name: DOTNET_EnableDiagnostics
  value: "0"
{{- end -}}

{{- define "firezone.env.database" -}}
- name: FIREZONE_DATABASE
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret.name | quote }}
      key: {{ .Values.database.existingSecret.key | quote }}
{{- end -}}

{{- define "firezone.env.databaseWait" -}}
{{- $seconds := .Values.database.waitSeconds | int -}}
- name: FIREZONE_DATABASE_WAIT
  value: {{ printf "%02d:%02d:%02d" (div $seconds 3600) (div (mod $seconds 3600) 60) (mod $seconds 60) | quote }}
{{- end -}}

{{- define "firezone.env.frontEnd" -}}
{{- $f := .Values.frontEnd -}}
{{- if $f.tls.existingSecret.name -}}
- name: Kestrel__Endpoints__Http__Url
  value: {{ printf "http://*:%v" $f.port | quote }}
- name: Kestrel__Endpoints__Https__Url
  value: {{ printf "https://*:%v" $f.tls.port | quote }}
- name: Kestrel__Endpoints__Https__Certificate__Path
  value: /etc/firezone/front-end-tls/tls.crt
- name: Kestrel__Endpoints__Https__Certificate__KeyPath
  value: /etc/firezone/front-end-tls/tls.key
{{- else -}}
- name: FrontEnd__Urls
  value: {{ printf "http://*:%v" $f.port | quote }}
{{- end }}
- name: FrontEnd__HealthPort
  value: {{ .Values.health.port | quote }}
- name: FrontEnd__Name
  value: $(POD_NAME)
- name: FrontEnd__Region
  value: {{ .Values.cluster.region | quote }}
- name: FrontEnd__BasePath
  value: {{ $f.basePath | quote }}
- name: FrontEnd__MaxSessions
  value: {{ $f.maxSessions | int64 | quote }}
- name: FrontEnd__DrainSeconds
  value: {{ $f.drain.seconds | quote }}
- name: FrontEnd__DrainPerSecond
  value: {{ $f.drain.perSecond | quote }}
- name: FrontEnd__DrainMaxSeconds
  value: {{ $f.drain.maxSeconds | quote }}
- name: FrontEnd__ForwardedHeaders
  value: {{ $f.forwardedHeaders | quote }}
{{- range $i, $range := $f.trustedProxies }}
- name: FrontEnd__TrustedProxies__{{ $i }}
  value: {{ $range | quote }}
{{- end }}
{{- range $i, $range := $f.privateClients }}
- name: FrontEnd__PrivateClients__{{ $i }}
  value: {{ $range | quote }}
{{- end }}
{{- with $f.proxyId.existingSecret }}
{{- if .name }}
- name: FrontEnd__ProxyId
  valueFrom:
    secretKeyRef:
      name: {{ .name | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "firezone.env.telemetry" -}}
{{- $v := .Values -}}
{{- $otlp := $v.otlp.endpoint -}}
{{- $exporters := list -}}
{{- if $v.metrics.enabled }}{{ $exporters = append $exporters "prometheus" }}{{ end -}}
{{- if and $otlp $v.otlp.metrics }}{{ $exporters = append $exporters "otlp" }}{{ end -}}
- name: OTEL_METRICS_EXPORTER
  value: {{ default "none" (join "," $exporters) | quote }}
- name: OTEL_TRACES_EXPORTER
  value: {{ ternary "otlp" "none" (and $otlp $v.otlp.traces | not | not) | quote }}
{{- if $otlp }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ $otlp | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ $v.otlp.protocol | quote }}
{{- with $v.otlp.headers.existingSecret }}
{{- if .name }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef:
      name: {{ .name | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- end }}
{{- end }}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: {{ printf "k8s.namespace.name=$(POD_NAMESPACE),k8s.pod.name=$(POD_NAME),cloud.region=%s" $v.cluster.region | quote }}
{{- end -}}

{{- define "firezone.env.operations" -}}
{{- $o := .Values.operations -}}
- name: Operations__Dashboard
  value: {{ $o.dashboard | quote }}
{{- with $o.publicUrl }}
- name: Operations__PublicUrl
  value: {{ . | quote }}
{{- end }}
{{- with $o.oidc }}
{{- if .authority }}
- name: Operations__Oidc__Authority
  value: {{ .authority | quote }}
- name: Operations__Oidc__ClientId
  value: {{ .clientId | quote }}
- name: Operations__Oidc__ClientSecret
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret.name | quote }}
      key: {{ .existingSecret.key | quote }}
{{- range $i, $email := .allowedEmails }}
- name: Operations__Oidc__AllowedEmails__{{ $i }}
  value: {{ $email | quote }}
{{- end }}
{{- if .requiredClaim }}
- name: Operations__Oidc__RequiredClaim
  value: {{ .requiredClaim | quote }}
- name: Operations__Oidc__RequiredValue
  value: {{ .requiredValue | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
