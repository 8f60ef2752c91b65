{# The sources that are switched on (SOURCES in .env) and give this entity, in a fixed order. #}
{% macro enabled_sources(entity) %}
    {% set switched_on = env_var('SOURCES', 'files').split(',') %}
    {% set found = [] %}
    {% for source_name, entities in var('source_entities').items() | sort %}
        {% if source_name in switched_on and entity in entities %}
            {% do found.append(source_name) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
