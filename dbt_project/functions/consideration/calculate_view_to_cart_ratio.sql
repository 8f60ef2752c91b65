-- Written by `make metrics` from models/semantic and macros/metrics/facts: change those.
-- noqa: disable=PRS
{{ metric_function('view_to_cart_ratio') }}
