{# The fact that has a component. #}
{% macro fact_of_component(component) -%}
    {%- for name, fact in metric_facts().items() if component in fact.components -%}
        {{ return(name) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error('No fact has the component ' ~ component) }}
{%- endmacro %}

{# The category that a metric is in. #}
{% macro category_of_metric(key) -%}
    {%- for category, metrics in metric_definitions().items() if key in metrics -%}
        {{ return(category) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error('No metric is called ' ~ key) }}
{%- endmacro %}
