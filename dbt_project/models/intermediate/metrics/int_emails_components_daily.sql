-- Written by `make metrics` from models/semantic and macros/metrics/facts: change those.
-- noqa: disable=PRS
{{ config(materialized='table') }}
{{ components_daily('emails') }}
