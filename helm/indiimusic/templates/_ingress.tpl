{{/* What the controller has to know of this service: uploads of 2 GiB that are passed on while they come, connections of
the hub that stay open, and clients that stay with the gateway where their connection to the hub was agreed upon. */}}
{{- define "indiimusic.ingressAnnotations" }}
{{- $secure := .Values.ingress.tls.enabled }}
{{- if eq .Values.ingress.controller "ingress-nginx" }}
nginx.ingress.kubernetes.io/proxy-body-size: 2050m
nginx.ingress.kubernetes.io/proxy-request-buffering: "off"
nginx.ingress.kubernetes.io/proxy-buffering: "off"
nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
nginx.ingress.kubernetes.io/proxy-send-timeout: "3600"
nginx.ingress.kubernetes.io/affinity: cookie
nginx.ingress.kubernetes.io/affinity-mode: persistent
nginx.ingress.kubernetes.io/session-cookie-name: indii-gateway
nginx.ingress.kubernetes.io/session-cookie-change-on-failure: "true"
{{- if $secure }}
nginx.ingress.kubernetes.io/session-cookie-samesite: None
nginx.ingress.kubernetes.io/session-cookie-secure: "true"
{{- end }}
{{- else if eq .Values.ingress.controller "haproxy" }}
haproxy.org/cookie-persistence: indii-gateway
haproxy.org/timeout-server: 3600s
haproxy.org/forwarded-for: "true"
{{- else if and $secure (eq .Values.ingress.controller "traefik") }}
traefik.ingress.kubernetes.io/router.tls: "true"
{{- end }}
{{- end }}

{{/* Traefik reads what concerns pods from the service. */}}
{{- define "indiimusic.serviceAnnotations" }}
{{- if and .Values.ingress.enabled (eq .Values.ingress.controller "traefik") }}
traefik.ingress.kubernetes.io/service.sticky.cookie: "true"
traefik.ingress.kubernetes.io/service.sticky.cookie.name: indii-gateway
traefik.ingress.kubernetes.io/service.sticky.cookie.httponly: "true"
{{- if .Values.ingress.tls.enabled }}
traefik.ingress.kubernetes.io/service.sticky.cookie.samesite: none
traefik.ingress.kubernetes.io/service.sticky.cookie.secure: "true"
{{- end }}
{{- end }}
{{- end }}
