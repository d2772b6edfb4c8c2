{{- define "mc.name" -}}
{{- if contains "microcommerce" .Release.Name -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-microcommerce" (.Release.Name | trunc 40 | trimSuffix "-") }}
{{- end -}}
{{- end -}}

{{/* Every service and its port. A new one needs a row here and one in values.yaml. */}}
{{- define "mc.ports" -}}
user: 3001
cart: 3002
order: 3003
product: 3004
inventory: 3005
{{- end -}}

{{- define "mc.selector" -}}
app.kubernetes.io/name: microcommerce
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mc.labels" -}}
{{ include "mc.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* What cannot work is refused before anything is sent to a cluster. */}}
{{- define "mc.check" -}}
{{- if eq .Values.layout "separate" -}}
{{- if not .Values.database.host }}{{ fail "database.host: services apart keep their data in MariaDB or MySQL; name its server" }}{{ end -}}
{{- if not .Values.kafka.brokers }}{{ fail "kafka.brokers: services apart tell each other what happened by Kafka; name its brokers" }}{{ end -}}
{{- end -}}
{{- if and (or (eq .Values.layout "separate") .Values.database.host .Values.kafka.brokers) (not .Values.secrets.tokens) }}{{ fail "secrets.tokens: pods must share the keys of tokens; name a Secret with JWT_SECRET and INTERNAL_TOKEN_SECRET" }}{{ end -}}
{{- if and .Values.database.host (not .Values.secrets.database) }}{{ fail "secrets.database: name the Secret with USER_DB_PASSWORD and its like" }}{{ end -}}
{{- end -}}
