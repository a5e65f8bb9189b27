{{/* The ports that the programs listen on, and the time that each takes to stop at most: src/Silo/SiloApplication.cs and
src/Api/ApiApplication.cs. Tests hold these against the programs. */}}
{{- define "indiimusic.ports.http" }}8080{{ end }}
{{- define "indiimusic.ports.management" }}8081{{ end }}
{{- define "indiimusic.ports.silo" }}11111{{ end }}
{{- define "indiimusic.ports.siloGateway" }}30000{{ end }}
{{- define "indiimusic.silo.graceSeconds" }}{{ add 60 15 }}{{ end }}
{{- define "indiimusic.gateway.graceSeconds" }}{{ add .Values.gateway.drainSeconds 40 15 }}{{ end }}

{{- define "indiimusic.name" }}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{ end }}

{{/* 40 characters leave room for what is put behind it. */}}
{{- define "indiimusic.fullname" }}
{{- $name := include "indiimusic.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Takes a dict of root and component. */}}
{{- define "indiimusic.selectorLabels" -}}
app.kubernetes.io/name: {{ include "indiimusic.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "indiimusic.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/part-of: indiimusic
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
{{- end }}

{{- define "indiimusic.labels" -}}
{{ include "indiimusic.selectorLabels" . }}
{{ include "indiimusic.commonLabels" .root }}
{{- end }}

{{- define "indiimusic.releaseLabels" -}}
app.kubernetes.io/name: {{ include "indiimusic.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{ include "indiimusic.commonLabels" . }}
{{- end }}

{{- define "indiimusic.serviceAccountName" }}
{{- .Values.serviceAccount.name | default (include "indiimusic.fullname" .) }}
{{- end }}

{{- define "indiimusic.credentialsName" }}{{ include "indiimusic.fullname" . }}-credentials{{ end }}

{{- define "indiimusic.signingKeysName" }}
{{- .Values.signingKeys.existingSecret | default (printf "%s-signing-keys" (include "indiimusic.fullname" .)) }}
{{- end }}

{{- define "indiimusic.encryptionKeysName" }}
{{- .Values.encryptionKeys.existingSecret | default (printf "%s-encryption-keys" (include "indiimusic.fullname" .)) }}
{{- end }}

{{- define "indiimusic.clusterId" }}
{{- .Values.cluster.id | default (printf "%s-%s" .Release.Namespace .Release.Name) }}
{{- end }}

{{/* Takes a dict of root and image. */}}
{{- define "indiimusic.image" }}
{{- $prefix := ternary (printf "%s/" .root.Values.image.registry) "" (ne .root.Values.image.registry "") }}
{{- $name := printf "%s%s" $prefix .image.repository }}
{{- if .image.digest }}
{{- printf "%s@%s" $name .image.digest }}
{{- else }}
{{- printf "%s:%s" $name (.image.tag | default .root.Values.image.tag | default .root.Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* Everything that is missing, told at once. */}}
{{- define "indiimusic.validate" }}
{{- $missing := list }}
{{- with .Values.mongodb }}
{{- if not (or .connectionString .existingSecret.name) }}
{{- $missing = append $missing "mongodb.existingSecret.name (or mongodb.connectionString): where the database is" }}
{{- end }}
{{- end }}
{{- with .Values.rabbitmq }}
{{- if not .endpoints }}
{{- $missing = append $missing "rabbitmq.endpoints: the brokers" }}
{{- end }}
{{- if not (or .password .existingSecret.name) }}
{{- $missing = append $missing "rabbitmq.existingSecret.name (or rabbitmq.password): the password" }}
{{- end }}
{{- if not (or .userName (and .existingSecret.name .existingSecret.userNameKey)) }}
{{- $missing = append $missing "rabbitmq.userName (or rabbitmq.existingSecret.userNameKey): who logs in" }}
{{- end }}
{{- end }}
{{- if not .Values.redis.servers }}
{{- $missing = append $missing "redis.servers: the servers" }}
{{- end }}
{{- if not (or .Values.consul.address .Values.consul.nodeAgent) }}
{{- $missing = append $missing "consul.address (or consul.nodeAgent): where Consul answers" }}
{{- end }}
{{- with .Values.s3 }}
{{- if not .bucket }}
{{- $missing = append $missing "s3.bucket: where audio lies" }}
{{- end }}
{{- if not (or .serviceUrl .region) }}
{{- $missing = append $missing "s3.serviceUrl (or s3.region): the S3 server" }}
{{- end }}
{{- if ne (empty .accessKey) (empty .secretKey) }}
{{- $missing = append $missing "s3.accessKey and s3.secretKey: both, or neither" }}
{{- end }}
{{- end }}
{{- with .Values.ingress }}
{{- if and .enabled (not .host) }}
{{- $missing = append $missing "ingress.host: the name that people call" }}
{{- end }}
{{- if and .enabled .tls.enabled (not .tls.secretName) }}
{{- $missing = append $missing "ingress.tls.secretName: the certificate (or ingress.tls.enabled=false)" }}
{{- end }}
{{- end }}
{{- range $name := list "silo" "gateway" }}
{{- $scaling := (index $.Values $name).autoscaling }}
{{- if and $scaling.enabled (lt (int $scaling.maxReplicas) (int $scaling.minReplicas)) }}
{{- $missing = append $missing (printf "%s.autoscaling.maxReplicas: not less than minReplicas" $name) }}
{{- end }}
{{- if and $scaling.enabled (not $scaling.cpuUtilization) (not $scaling.customMetric.enabled) }}
{{- $missing = append $missing (printf "%s.autoscaling: cpuUtilization or customMetric.enabled" $name) }}
{{- end }}
{{- end }}
{{- if $missing }}
{{- fail (printf "\n\nThese values are needed:\n  %s\n" (join "\n  " $missing)) }}
{{- end }}
{{- end }}
