-- Written by `make metrics` from models/semantic and macros/metrics/facts: change those.
-- noqa: disable=PRS
{{ components_daily('channel_results') }}
