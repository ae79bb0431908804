{{/* A Deployment. Takes a dict of root, component and key (of the values). */}}
{{- define "firezone.deployment" -}}
{{- $root := .root -}}
{{- $w := get $root.Values .key -}}
{{- $sockets := eq .component (include "firezone.socketComponent" $root) -}}
{{- $hostPorts := and (eq .component "silo") (eq $root.Values.siloTraffic.advertise "HostIP") -}}
{{- $scope := dict "root" $root "component" .component "key" .key "workload" $w -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "firezone.workload" $scope }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "firezone.labels" $scope | nindent 4 }}
  {{- with $w.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if not $w.autoscaling.enabled }}
  replicas: {{ $w.replicas }}
  {{- end }}
  revisionHistoryLimit: {{ $w.revisionHistoryLimit }}
  minReadySeconds: {{ $w.minReadySeconds }}
  selector:
    matchLabels:
      {{- include "firezone.selectorLabels" $scope | nindent 6 }}
  strategy:
    {{- if $w.updateStrategy }}
    {{- toYaml $w.updateStrategy | nindent 4 }}
    {{- else }}
    type: RollingUpdate
    rollingUpdate:
      {{- if $hostPorts }}
      # With host ports a new silo needs the node of an old one.
      {{- end }}
      maxSurge: {{ ternary 0 1 $hostPorts }}
      maxUnavailable: {{ ternary 1 0 $hostPorts }}
    {{- end }}
  template:
    metadata:
      labels:
        {{- include "firezone.labels" $scope | nindent 8 }}
        {{- with $w.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .component }}
        {{- with $w.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      serviceAccountName: {{ include "firezone.serviceAccountName" $root }}
      automountServiceAccountToken: {{ $root.Values.serviceAccount.automount }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ include "firezone.gracePeriod" $scope }}
      securityContext:
        {{- toYaml $root.Values.podSecurityContext | nindent 8 }}
      {{- with $w.priorityClassName }}
      priorityClassName: {{ . | quote }}
      {{- end }}
      {{- with $w.runtimeClassName }}
      runtimeClassName: {{ . | quote }}
      {{- end }}
      {{- with $w.schedulerName }}
      schedulerName: {{ . | quote }}
      {{- end }}
      {{- with $w.dnsConfig }}
      dnsConfig:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $w.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $w.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $w.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- if $w.topologySpreadConstraints }}
        {{- toYaml $w.topologySpreadConstraints | nindent 8 }}
        {{- else }}
        {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - topologyKey: {{ $key }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "firezone.selectorLabels" $scope | nindent 14 }}
          matchLabelKeys:
            - pod-template-hash
        {{- end }}
        {{- end }}
      {{- with $w.initContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "firezone.image" (dict "root" $root "image" $w.image) | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          securityContext:
            {{- toYaml $root.Values.securityContext | nindent 12 }}
          env:
            {{- include "firezone.allEnv" $scope | nindent 12 }}
          {{- with $w.extraEnvFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            {{- include "firezone.ports" (merge (dict "sockets" $sockets "hostPorts" $hostPorts) $scope) | nindent 12 }}
          startupProbe:
            httpGet:
              path: /startupz
              port: health
            {{- toYaml $w.startupProbe | nindent 12 }}
          livenessProbe:
            httpGet:
              path: /healthz
              port: health
            {{- toYaml $w.livenessProbe | nindent 12 }}
          readinessProbe:
            httpGet:
              path: /readyz
              port: health
            {{- toYaml $w.readinessProbe | nindent 12 }}
          {{- if gt ($w.preStopSeconds | int) 0 }}
          lifecycle:
            preStop:
              sleep:
                seconds: {{ $w.preStopSeconds }}
          {{- end }}
          resources:
            {{- toYaml $w.resources | nindent 12 }}
          volumeMounts:
            {{- include "firezone.volumeMounts" (merge (dict "sockets" $sockets) $scope) | nindent 12 }}
        {{- with $w.extraContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      volumes:
        {{- include "firezone.volumes" (merge (dict "sockets" $sockets) $scope) | nindent 8 }}
{{- end -}}

{{/* The chart's own, free settings, extraEnv. */}}
{{- define "firezone.allEnv" -}}
{{- $env := include "firezone.env" . -}}
{{- $own := list -}}
{{- range fromYamlArray $env }}{{ $own = append $own .name }}{{ end -}}
{{- $config := include "firezone.config" (merge (dict "own" $own) .) | fromYaml -}}
{{- $key := .key -}}
{{- range .workload.extraEnv -}}
{{- if or (has .name $own) (hasKey $config .name) -}}
{{- fail (printf "%s.extraEnv sets %s, which is set already" $key .name) -}}
{{- end -}}
{{- end -}}
{{- $env }}
{{- range $name, $value := $config }}
- name: {{ $name | quote }}
  value: {{ $value | quote }}
{{- end }}
{{- with .workload.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "firezone.ports" -}}
{{- $v := .root.Values -}}
- name: health
  containerPort: {{ $v.health.port }}
{{- if .sockets }}
- name: sockets
  containerPort: {{ $v.frontEnd.port }}
{{- if $v.frontEnd.tls.existingSecret.name }}
- name: sockets-tls
  containerPort: {{ $v.frontEnd.tls.port }}
{{- end }}
{{- end }}
{{- if eq .component "silo" }}
- name: silo
  containerPort: {{ $v.siloTraffic.port }}
  {{- if .hostPorts }}
  hostPort: {{ $v.siloTraffic.port }}
  {{- end }}
- name: orleans
  containerPort: {{ $v.siloTraffic.gatewayPort }}
  {{- if .hostPorts }}
  hostPort: {{ $v.siloTraffic.gatewayPort }}
  {{- end }}
{{- if $v.admin.enabled }}
- name: admin
  containerPort: {{ $v.admin.port }}
{{- end }}
{{- if $v.operations.enabled }}
- name: operations
  containerPort: {{ $v.operations.port }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "firezone.volumeMounts" -}}
{{- $v := .root.Values -}}
- name: tmp
  mountPath: /tmp
{{- if $v.siloTraffic.tls.enabled }}
- name: silo-tls
  mountPath: {{ include "firezone.tls.folder" .root }}
  readOnly: true
{{- end }}
{{- if $v.database.tls.existingSecret.name }}
- name: database-tls
  mountPath: /etc/firezone/database
  readOnly: true
{{- end }}
{{- if and .sockets $v.frontEnd.tls.existingSecret.name }}
- name: front-end-tls
  mountPath: /etc/firezone/front-end-tls
  readOnly: true
{{- end }}
{{- with .workload.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "firezone.volumes" -}}
{{- $v := .root.Values -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if $v.siloTraffic.tls.enabled }}
- name: silo-tls
  secret:
    secretName: {{ $v.siloTraffic.tls.existingSecret.name | quote }}
    defaultMode: 0440
{{- end }}
{{- if $v.database.tls.existingSecret.name }}
- name: database-tls
  secret:
    secretName: {{ $v.database.tls.existingSecret.name | quote }}
    defaultMode: 0440
{{- end }}
{{- if and .sockets $v.frontEnd.tls.existingSecret.name }}
- name: front-end-tls
  secret:
    secretName: {{ $v.frontEnd.tls.existingSecret.name | quote }}
    defaultMode: 0440
{{- end }}
{{- with .workload.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
