-- Written by `make metrics` from models/semantic and macros/metrics/facts: change those.
-- noqa: disable=PRS
{{ category_metrics_daily('sales') }}
