-- Written by `make metrics` from models/semantic and macros/metrics/facts: change those.
-- noqa: disable=PRS
{{ metric_function('new_customers') }}
