{{/* Where a value comes from a Secret: (name of variable, Secret, key, optional). */}}
{{- define "mc.secret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key | default .name }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end -}}

{{/* The environment of a pod: dict root, services (the names of those it runs), settings. */}}
{{- define "mc.env" -}}
{{- $values := .root.Values -}}
{{- $name := include "mc.name" .root -}}
# A folder of its own in the volume: Kubernetes lets a group write into the volume itself.
- name: DATA_DIR
  value: /var/lib/microcommerce/shop
{{- range $key, $value := merge (dict) .settings $values.settings }}
- name: {{ $key }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- with $values.secrets.tokens }}
{{ include "mc.secret" (dict "name" "JWT_SECRET" "secret" .) }}
{{ include "mc.secret" (dict "name" "JWT_SECRET_PREVIOUS" "secret" . "optional" true) }}
{{ include "mc.secret" (dict "name" "INTERNAL_TOKEN_SECRET" "secret" .) }}
{{- end }}
{{- if $values.database.host }}
- name: DB_HOST
  value: {{ $values.database.host | quote }}
- name: DB_PORT
  value: {{ $values.database.port | quote }}
- name: DB_POOL_SIZE
  value: {{ $values.database.poolSize | quote }}
- name: DB_TLS
  value: {{ $values.database.tls | quote }}
{{- range .services }}
- name: {{ upper . }}_DB_USER
  value: microcommerce_{{ . }}
{{ include "mc.secret" (dict "name" (printf "%s_DB_PASSWORD" (upper .)) "secret" $values.secrets.database) }}
{{- end }}
{{- end }}
{{- if $values.kafka.brokers }}
- name: KAFKA_BROKER
  value: {{ $values.kafka.brokers | quote }}
- name: KAFKA_TLS
  value: {{ $values.kafka.tls | quote }}
- name: KAFKA_TOPIC_PARTITIONS
  value: {{ $values.kafka.topicPartitions | quote }}
- name: KAFKA_TOPIC_REPLICATION
  value: {{ $values.kafka.topicReplication | quote }}
{{- with $values.secrets.kafka }}
- name: KAFKA_SASL_MECHANISM
  value: {{ $values.kafka.saslMechanism | quote }}
{{ include "mc.secret" (dict "name" "KAFKA_SASL_USERNAME" "secret" .) }}
{{ include "mc.secret" (dict "name" "KAFKA_SASL_PASSWORD" "secret" .) }}
{{- end }}
{{- end }}
{{- if $values.mail.host }}
- name: SMTP_HOST
  value: {{ $values.mail.host | quote }}
- name: SMTP_PORT
  value: {{ $values.mail.port | quote }}
- name: SMTP_SECURITY
  value: {{ $values.mail.security | quote }}
- name: EMAIL_FROM
  value: {{ $values.mail.from | quote }}
- name: EMAIL_FROM_NAME
  value: {{ $values.mail.fromName | quote }}
{{- with $values.secrets.smtp }}
{{ include "mc.secret" (dict "name" "SMTP_USER" "secret" .) }}
{{ include "mc.secret" (dict "name" "SMTP_PASSWORD" "secret" .) }}
{{- end }}
{{- end }}
{{- if eq $values.layout "separate" }}
{{- range $service, $port := include "mc.ports" .root | fromYaml }}
- name: {{ upper $service }}_SERVICE_URL
  value: http://{{ $name }}-{{ $service }}:{{ $port }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A pod's spec: dict root, services, settings, resources, data (its volume, or none). */}}
{{- define "mc.pod" -}}
{{- $values := .root.Values -}}
{{- $ports := include "mc.ports" .root | fromYaml -}}
{{- $first := index .services 0 -}}
serviceAccountName: {{ include "mc.name" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
# DRAIN_DELAY_MS, and 5 s for what is in flight.
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: microcommerce
    image: {{ printf "%s:%s" $values.image.repository ($values.image.tag | default .root.Chart.AppVersion) | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: {{ prepend (eq $values.layout "separate" | ternary .services list) "serve" | toJson }}
    env: {{- include "mc.env" . | nindent 6 }}
    ports:
      {{- range .services }}
      - name: {{ . }}
        containerPort: {{ index $ports . }}
      {{- end }}
    # Migrations run before it listens: five minutes for them.
    startupProbe:
      httpGet: {path: /health, port: {{ $first }}}
      periodSeconds: 2
      failureThreshold: 150
    livenessProbe:
      httpGet: {path: /health, port: {{ $first }}}
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 3
    readinessProbe:
      httpGet: {path: /ready, port: {{ $first }}}
      periodSeconds: 2
      timeoutSeconds: 2
      failureThreshold: 2
    resources: {{- toYaml .resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    volumeMounts:
      - name: data
        mountPath: /var/lib/microcommerce
      - name: tmp
        mountPath: /tmp
      {{- if $values.secrets.certificates }}
      - name: certificates
        mountPath: /etc/microcommerce/certificates
        readOnly: true
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with $values.secrets.certificates }}
  - name: certificates
    secret: {secretName: {{ . }}}
  {{- end }}
  {{- if not .volume_claim }}
  # A lock, a socket for commands, and nothing that is missed.
  - name: data
    emptyDir: {}
  {{- end }}
{{- if eq $values.layout "separate" }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "mc.selector" .root | nindent 8 }}
        app.kubernetes.io/component: {{ $first }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
