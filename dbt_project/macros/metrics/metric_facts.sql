{# Written by `make metrics` from models/semantic and macros/metrics/facts: change those. #}
{% macro metric_facts() -%}
    {{ return({'ads': ads_facts(), 'sessions': sessions_facts()}) }}
{%- endmacro %}
