{{/* The settings of a program, by their keys, as YAML. Takes a dict of root and component. */}}
{{- define "indiimusic.settings" }}
{{- $values := .root.Values }}
{{- $settings := dict
    "Cluster:ClusterId" (include "indiimusic.clusterId" .root)
    "Cluster:ServiceId" $values.cluster.serviceId
    "Clustering:Provider" "Consul"
    "Registration:Provider" (ternary "Consul" "None" $values.consul.registration)
    "Objects:Provider" "S3"
    "Objects:S3:Bucket" $values.s3.bucket
    "Objects:S3:Redirect" $values.s3.redirect
    "Objects:S3:ForcePathStyle" (toString $values.s3.forcePathStyle)
    "Objects:S3:CreateBucket" (toString $values.s3.createBucket)
    "Kestrel:Endpoints:Management:Url" (printf "http://+:%s" (include "indiimusic.ports.management" .)) }}
{{- if not $values.consul.nodeAgent }}
{{- $_ := set $settings "Consul:Address" $values.consul.address }}
{{- end }}
{{- $optional := dict
    "Consul:Datacenter" $values.consul.datacenter
    "Objects:S3:ServiceUrl" $values.s3.serviceUrl
    "Objects:S3:Region" $values.s3.region
    "Objects:S3:KeyPrefix" $values.s3.keyPrefix
    "Objects:S3:PresignedServiceUrl" $values.s3.presignedServiceUrl
    "Objects:S3:CdnBaseUrl" $values.s3.cdnBaseUrl }}
{{- if $values.consul.authority.secretName }}
{{- $_ := set $optional "Consul:CertificateAuthorityFile" "/etc/indiimusic/consul/ca.crt" }}
{{- end }}
{{- if $values.liveSettings.enabled }}
{{- $settings = merge $settings (dict
    "LiveSettings:Provider" "Consul"
    "LiveSettings:Consul:KeyPrefix" $values.liveSettings.keyPrefix) }}
{{- end }}
{{- if $values.tracing.otlpEndpoint }}
{{- $settings = merge $settings (dict
    "Tracing:OtlpEndpoint" $values.tracing.otlpEndpoint
    "Tracing:Protocol" $values.tracing.protocol
    "Tracing:SampleRatio" (toString $values.tracing.sampleRatio)) }}
{{- end }}
{{- if eq .component "silo" }}
{{- $settings = merge $settings (dict
    "Silo:SiloPort" (include "indiimusic.ports.silo" .)
    "Silo:GatewayPort" (include "indiimusic.ports.siloGateway" .)
    "Auth:EncryptionKeys:Folder" "/etc/indiimusic/encryption-keys"
    "Storage:Provider" "MongoDb"
    "Storage:MongoDb:Database" $values.mongodb.database
    "Streams:Provider" "RabbitMq"
    "Streams:RabbitMq:Endpoints" $values.rabbitmq.endpoints
    "Streams:RabbitMq:VirtualHost" $values.rabbitmq.virtualHost
    "Streams:RabbitMq:UseTls" (toString $values.rabbitmq.tls)) }}
{{- if not (and $values.rabbitmq.existingSecret.name $values.rabbitmq.existingSecret.userNameKey) }}
{{- $_ := set $settings "Streams:RabbitMq:UserName" $values.rabbitmq.userName }}
{{- end }}
{{- else }}
{{- $settings = merge $settings (dict
    "Kestrel:Endpoints:Http:Url" (printf "http://+:%s" (include "indiimusic.ports.http" .))
    "Auth:SigningKeys:Folder" "/etc/indiimusic/signing-keys"
    "Cache:Provider" "Redis"
    "RateLimits:Provider" "Redis"
    "Sessions:Provider" "Redis"
    "Redis:ConnectionString" $values.redis.servers
    "Redis:Tls" (toString $values.redis.tls)
    "Draining:Delay" (printf "00:00:%02d" (int $values.gateway.drainSeconds))) }}
{{- $_ := set $optional "Redis:User" $values.redis.user }}
{{- range $i, $proxy := $values.gateway.trustedProxies }}
{{- $_ := set $optional (printf "Proxies:Trusted:%d" $i) $proxy }}
{{- end }}
{{- range $i, $origin := $values.gateway.corsOrigins }}
{{- $_ := set $optional (printf "Cors:Origins:%d" $i) $origin }}
{{- end }}
{{- end }}
{{- if $values.consul.registration }}
{{- $port := ternary "management" "http" (eq .component "silo") }}
{{- $_ := set $settings "Registration:Port" (include (printf "indiimusic.ports.%s" $port) .) }}
{{- end }}
{{- range $key, $value := $optional }}
{{- if $value }}
{{- $_ := set $settings $key $value }}
{{- end }}
{{- end }}
{{- mustMergeOverwrite $settings $values.config (index $values .component).config | toYaml }}
{{- end }}

{{/* The same as the data of a ConfigMap: the names of environment variables. */}}
{{- define "indiimusic.environment" }}
{{- range $key, $value := include "indiimusic.settings" . | fromYaml }}
INDIIMUSIC_{{ $key | replace ":" "__" }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/* The secrets that were given as values, as the data of a Secret. */}}
{{- define "indiimusic.credentials" }}
{{- $given := dict
    "mongodb-connection-string" (ternary "" .Values.mongodb.connectionString (ne .Values.mongodb.existingSecret.name ""))
    "rabbitmq-password" (ternary "" .Values.rabbitmq.password (ne .Values.rabbitmq.existingSecret.name ""))
    "redis-password" (ternary "" .Values.redis.password (ne .Values.redis.existingSecret.name ""))
    "consul-token" (ternary "" .Values.consul.token (ne .Values.consul.existingSecret.name ""))
    "s3-access-key" (ternary "" .Values.s3.accessKey (ne .Values.s3.existingSecret.name ""))
    "s3-secret-key" (ternary "" .Values.s3.secretKey (ne .Values.s3.existingSecret.name "")) }}
{{- range $name, $value := $given }}
{{- if $value }}
{{ $name }}: {{ $value | b64enc }}
{{- end }}
{{- end }}
{{- end }}

{{/* One variable from a secret, where there is one. Takes variable, given (the value), existing (the name of a secret),
key (its entry), own (the entry of the secret that the chart makes) and root. */}}
{{- define "indiimusic.secretVariable" }}
{{- if or .given .existing }}
- name: INDIIMUSIC_{{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .existing | default (include "indiimusic.credentialsName" .root) }}
      key: {{ ternary .key .own (ne .existing "") }}
{{- end }}
{{- end }}

{{/* The variables that no ConfigMap can hold: addresses of the pod and its node, and secrets. */}}
{{- define "indiimusic.variables" }}
{{- $values := .root.Values }}
- name: POD_IP
  valueFrom: { fieldRef: { fieldPath: status.podIP } }
{{- if eq .component "silo" }}
- name: INDIIMUSIC_Silo__Address
  value: $(POD_IP)
{{- end }}
{{- if $values.consul.registration }}
- name: INDIIMUSIC_Registration__Address
  value: $(POD_IP)
{{- end }}
{{- if $values.consul.nodeAgent }}
- name: HOST_IP
  valueFrom: { fieldRef: { fieldPath: status.hostIP } }
- name: INDIIMUSIC_Consul__Address
  value: http://$(HOST_IP):8500
{{- end }}
{{- if eq .component "silo" }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Storage__MongoDb__ConnectionString"
    "given" $values.mongodb.connectionString "existing" $values.mongodb.existingSecret.name
    "key" $values.mongodb.existingSecret.key "own" "mongodb-connection-string") }}
{{- if $values.rabbitmq.existingSecret.userNameKey }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Streams__RabbitMq__UserName"
    "given" "" "existing" $values.rabbitmq.existingSecret.name
    "key" $values.rabbitmq.existingSecret.userNameKey "own" "") }}
{{- end }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Streams__RabbitMq__Password"
    "given" $values.rabbitmq.password "existing" $values.rabbitmq.existingSecret.name
    "key" $values.rabbitmq.existingSecret.passwordKey "own" "rabbitmq-password") }}
{{- else }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Redis__Password"
    "given" $values.redis.password "existing" $values.redis.existingSecret.name
    "key" $values.redis.existingSecret.key "own" "redis-password") }}
{{- end }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Consul__Token"
    "given" $values.consul.token "existing" $values.consul.existingSecret.name
    "key" $values.consul.existingSecret.key "own" "consul-token") }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Objects__S3__AccessKey"
    "given" $values.s3.accessKey "existing" $values.s3.existingSecret.name
    "key" $values.s3.existingSecret.accessKeyKey "own" "s3-access-key") }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Objects__S3__SecretKey"
    "given" $values.s3.secretKey "existing" $values.s3.existingSecret.name
    "key" $values.s3.existingSecret.secretKeyKey "own" "s3-secret-key") }}
{{- include "indiimusic.secretVariable" (dict "root" .root "variable" "Logging__HashKey"
    "given" "" "existing" $values.logging.existingSecret.name
    "key" $values.logging.existingSecret.key "own" "") }}
{{- with (index $values .component).extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
