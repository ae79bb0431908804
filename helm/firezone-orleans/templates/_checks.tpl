{{/* Seconds that an orderly stop takes at most, as the program reckons: FrontEnd:DrainSeconds and DrainMaxSeconds, and 15 for what follows. */}}
{{- define "firezone.stopSeconds" -}}
{{- $stop := 30 -}}
{{- if eq .component (include "firezone.socketComponent" .root) -}}
{{- $drain := .root.Values.frontEnd.drain -}}
{{- $stop = max $stop (add 15 (max (ceil $drain.seconds | int) (ceil $drain.maxSeconds | int))) -}}
{{- end -}}
{{- $stop -}}
{{- end -}}

{{/* Takes a dict of root, component, key (of the values) and workload. */}}
{{- define "firezone.gracePeriod" -}}
{{- $stop := include "firezone.stopSeconds" . | int -}}
{{- $least := add $stop (.workload.preStopSeconds | int) -}}
{{- if kindIs "invalid" .workload.terminationGracePeriodSeconds -}}
{{- add $least 10 -}}
{{- else -}}
{{- $given := .workload.terminationGracePeriodSeconds | int -}}
{{- if lt $given ($least | int) -}}
{{- fail (printf "%s.terminationGracePeriodSeconds is %d: %s.preStopSeconds (%d) and an orderly stop (%d, from frontEnd.drain) need %d; SIGKILL would come before the end" .key $given .key (.workload.preStopSeconds | int) $stop $least) -}}
{{- end -}}
{{- $given -}}
{{- end -}}
{{- end -}}

{{/* What the schema cannot say, because it takes more than one value. */}}
{{- define "firezone.checks" -}}
{{- $v := .Values -}}
{{- with $v.siloTraffic.tls -}}
{{- if and .enabled .certManager.enabled (not .certManager.issuerRef.name) -}}
{{- fail "siloTraffic.tls.certManager.issuerRef.name is empty: cert-manager needs an issuer" -}}
{{- end -}}
{{- if and .enabled (not .existingSecret.name) -}}
{{- fail "siloTraffic.tls.existingSecret.name is empty: name a secret, or send everything in plain text with siloTraffic.tls.enabled=false" -}}
{{- end -}}
{{- if and .certManager.enabled (not .enabled) -}}
{{- fail "siloTraffic.tls.certManager.enabled is true while siloTraffic.tls.enabled is false" -}}
{{- end -}}
{{- end -}}
{{- if gt ($v.frontEnd.drain.seconds | float64) 300.0 -}}
{{- fail (printf "frontEnd.drain.seconds is %v: at most 300" $v.frontEnd.drain.seconds) -}}
{{- end -}}
{{- if and (eq $v.mode "coHosted") $v.frontEnd.autoscaling.enabled -}}
{{- fail "frontEnd.autoscaling.enabled is true, but mode is coHosted: there are no front-ends; silo.autoscaling scales the silos" -}}
{{- end -}}
{{- if and (eq $v.mode "coHosted") $v.frontEnd.config -}}
{{- fail "frontEnd.config has settings, but mode is coHosted: use silo.config" -}}
{{- end -}}
{{- if and (eq $v.mode "separate") (gt ($v.silo.autoscaling.targetSessions | int) 0) -}}
{{- fail "silo.autoscaling.targetSessions is set, but mode is separate: silos have no sockets; use frontEnd.autoscaling.targetSessions" -}}
{{- end -}}
{{- range $key := list "silo" "frontEnd" -}}
{{- $w := get $v $key -}}
{{- with $w.autoscaling -}}
{{- if and .enabled (gt (.minReplicas | int) (.maxReplicas | int)) -}}
{{- fail (printf "%s.autoscaling.minReplicas is %d, more than maxReplicas, %d" $key (.minReplicas | int) (.maxReplicas | int)) -}}
{{- end -}}
{{- if and .enabled (eq (.targetCPUUtilization | int) 0) (eq (.targetSessions | int) 0) (not .metrics) -}}
{{- fail (printf "%s.autoscaling has no metric: set targetCPUUtilization, targetSessions or metrics" $key) -}}
{{- end -}}
{{- if and .enabled (gt (.targetSessions | int) 0) (not $v.metrics.enabled) -}}
{{- fail (printf "%s.autoscaling.targetSessions needs metrics.enabled" $key) -}}
{{- end -}}
{{- if and .enabled (gt (.targetCPUUtilization | int) 0) (not (dig "requests" "cpu" "" $w.resources)) -}}
{{- fail (printf "%s.resources.requests.cpu is missing: %s.autoscaling.targetCPUUtilization is a share of it" $key $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $patience := mul $v.silo.startupProbe.periodSeconds $v.silo.startupProbe.failureThreshold -}}
{{- if ge ($v.database.waitSeconds | int) ($patience | int) -}}
{{- fail (printf "database.waitSeconds is %d: the startup probe (silo.startupProbe) ends a pod after %d" ($v.database.waitSeconds | int) ($patience | int)) -}}
{{- end -}}
{{- with $v.operations.oidc -}}
{{- if and .authority (not (and .clientId .existingSecret.name $v.operations.publicUrl)) -}}
{{- fail "operations.oidc.authority needs operations.oidc.clientId, operations.oidc.existingSecret.name and operations.publicUrl" -}}
{{- end -}}
{{- if and .authority (not .allowedEmails) (not .requiredClaim) -}}
{{- fail "operations.oidc.allowedEmails or operations.oidc.requiredClaim must say who may sign in" -}}
{{- end -}}
{{- if ne (empty .requiredClaim) (empty .requiredValue) -}}
{{- fail "operations.oidc.requiredClaim and operations.oidc.requiredValue go together" -}}
{{- end -}}
{{- end -}}
{{- $ports := dict -}}
{{- range $name, $port := dict "siloTraffic.port" $v.siloTraffic.port "siloTraffic.gatewayPort" $v.siloTraffic.gatewayPort "frontEnd.port" $v.frontEnd.port "frontEnd.tls.port" $v.frontEnd.tls.port "admin.port" $v.admin.port "operations.port" $v.operations.port "health.port" $v.health.port -}}
{{- $text := toString $port -}}
{{- if hasKey $ports $text -}}
{{- fail (printf "%s and %s are both %s: each listener of a pod needs its own port" (get $ports $text) $name $text) -}}
{{- end -}}
{{- $_ := set $ports $text $name -}}
{{- end -}}
{{- if and $v.metrics.serviceMonitor.enabled (not $v.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor.enabled needs metrics.enabled" -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- fail "ingress.hosts is empty: name the hosts that devices connect to" -}}
{{- end -}}
{{- if and $v.gateway.enabled (not $v.gateway.parentRefs) -}}
{{- fail "gateway.parentRefs is empty: name the Gateway that the route belongs to" -}}
{{- end -}}
{{- if and $v.gateway.gke (not $v.gateway.enabled) -}}
{{- fail "gateway.gke is true while gateway.enabled is false" -}}
{{- end -}}
{{- if lt ($v.ingress.webSocketTimeoutSeconds | int) 308 -}}
{{- fail (printf "ingress.webSocketTimeoutSeconds is %d: clients may be silent for 307 seconds" ($v.ingress.webSocketTimeoutSeconds | int)) -}}
{{- end -}}
{{- $rules := .Files.Get "files/alerts.yaml" | fromYaml -}}
{{- $alerts := list -}}
{{- range $rules.groups }}{{ range .rules }}{{ $alerts = append $alerts .alert }}{{ end }}{{ end -}}
{{- range $v.metrics.prometheusRule.disabled -}}
{{- if not (has . $alerts) -}}
{{- fail (printf "metrics.prometheusRule.disabled names %s, which is none of: %s" . (join ", " $alerts)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Free settings of a component: config and <component>.config, each name known and not the chart's own. Takes root, key, workload, own (names). */}}
{{- define "firezone.config" -}}
{{- $known := .root.Files.Lines "files/settings.txt" -}}
{{- $all := dict -}}
{{- $own := .own -}}
{{- range $source := list (dict "path" "config" "values" .root.Values.config) (dict "path" (printf "%s.config" .key) "values" .workload.config) -}}
{{- range $name, $value := $source.values -}}
{{- $form := regexReplaceAll "__[0-9]+$" $name "__0" -}}
{{- if has $name $own -}}
{{- fail (printf "%s.%s: the chart sets this by itself, from a value of its own" $source.path $name) -}}
{{- end -}}
{{- if not (or (has $form $known) (hasPrefix "OTEL_" $name) (hasPrefix "DOTNET_" $name)) -}}
{{- fail (printf "%s.%s: this release has no such setting" $source.path $name) -}}
{{- end -}}
{{- $_ := set $all $name (toString $value) -}}
{{- end -}}
{{- end -}}
{{- $all | toYaml -}}
{{- end -}}
