{{/* What silos and gateways have in common. Takes a dict of root, component, ports (a map) and graceSeconds. */}}
{{- define "indiimusic.deployment" }}
{{- $own := index .root.Values .component }}
{{- $name := printf "%s-%s" (include "indiimusic.fullname" .root) .component }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{- include "indiimusic.labels" . | nindent 4 }}
spec:
  {{- if not $own.autoscaling.enabled }}
  replicas: {{ $own.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  minReadySeconds: {{ $own.minReadySeconds }}
  # The next one is ready before one goes, and one goes at a time.
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  selector:
    matchLabels: {{- include "indiimusic.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "indiimusic.selectorLabels" . | nindent 8 }}
        app.kubernetes.io/part-of: indiimusic
        {{- with $own.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # Settings are read at the start: changed ones start pods anew, one after the other.
        checksum/settings: {{ include "indiimusic.environment" . | sha256sum }}
        checksum/credentials: {{ include "indiimusic.credentials" .root | sha256sum }}
        {{- with $own.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "indiimusic.serviceAccountName" .root }}
      automountServiceAccountToken: false
      # Kubernetes would describe every service of the namespace in the environment, which is where settings come from.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .graceSeconds }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $own.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      securityContext: {{- include "indiimusic.podSecurity" .root | nindent 8 }}
      {{- with $own.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $own.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $own.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- include "indiimusic.spread" . | nindent 6 }}
      containers:
        - name: {{ .component }}
          image: {{ include "indiimusic.image" (dict "root" .root "image" $own.image) }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          ports:
            {{- range $port, $number := .ports }}
            - { name: {{ $port }}, containerPort: {{ $number }}, protocol: TCP }
            {{- end }}
          envFrom:
            - configMapRef: { name: {{ $name }} }
          env: {{- include "indiimusic.variables" . | trim | nindent 12 }}
          {{- include "indiimusic.probes" .root | trim | nindent 10 }}
          resources: {{- toYaml $own.resources | nindent 12 }}
          securityContext: {{- include "indiimusic.containerSecurity" .root | nindent 12 }}
          volumeMounts:
            - { name: temporary, mountPath: /tmp }
            {{- if eq .component "gateway" }}
            - { name: signing-keys, mountPath: /etc/indiimusic/signing-keys, readOnly: true }
            {{- else }}
            - { name: encryption-keys, mountPath: /etc/indiimusic/encryption-keys, readOnly: true }
            {{- end }}
            {{- if .root.Values.consul.authority.secretName }}
            - { name: consul, mountPath: /etc/indiimusic/consul, readOnly: true }
            {{- end }}
            {{- with $own.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: temporary
          emptyDir:
            sizeLimit: {{ $own.temporary.sizeLimit }}
            {{- with $own.temporary.medium }}
            medium: {{ . }}
            {{- end }}
        {{- if eq .component "gateway" }}
        - name: signing-keys
          secret:
            secretName: {{ include "indiimusic.signingKeysName" .root }}
            # 0440: for the program's group.
            defaultMode: 288
        {{- else }}
        - name: encryption-keys
          secret:
            secretName: {{ include "indiimusic.encryptionKeysName" .root }}
            defaultMode: 288
        {{- end }}
        {{- with .root.Values.consul.authority }}
        {{- if .secretName }}
        - name: consul
          secret:
            secretName: {{ .secretName }}
            items: [{ key: {{ .key }}, path: ca.crt }]
        {{- end }}
        {{- end }}
        {{- with $own.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end }}

{{- define "indiimusic.podSecurity" -}}
runAsNonRoot: true
{{- if .Values.runAs.user }}
runAsUser: {{ .Values.runAs.user }}
{{- end }}
{{- if .Values.runAs.group }}
runAsGroup: {{ .Values.runAs.group }}
# Lets the program read secrets, which are mounted for their group.
fsGroup: {{ .Values.runAs.group }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "indiimusic.containerSecurity" -}}
runAsNonRoot: true
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* A program that waits for what it needs is alive, and says what is missing where readiness is asked. */}}
{{- define "indiimusic.probes" -}}
{{- $live := dict "httpGet" (dict "path" "/health/live" "port" "management") }}
{{- $ready := dict "httpGet" (dict "path" "/health/ready" "port" "management") }}
startupProbe: {{- merge (deepCopy .Values.probes.startup) $live | toYaml | nindent 2 }}
livenessProbe: {{- merge (deepCopy .Values.probes.liveness) $live | toYaml | nindent 2 }}
readinessProbe: {{- merge (deepCopy .Values.probes.readiness) $ready | toYaml | nindent 2 }}
{{- end }}

{{/* Counts only pods of the same revision, so that a rolling update does not end up lopsided. */}}
{{- define "indiimusic.spread" }}
{{- $spread := (index .root.Values .component).topologySpread }}
{{- if or $spread.zone $spread.hostname -}}
topologySpreadConstraints:
  {{- range $key, $when := dict "topology.kubernetes.io/zone" $spread.zone "kubernetes.io/hostname" $spread.hostname }}
  {{- if $when }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ $when }}
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- include "indiimusic.selectorLabels" $ | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}
