{# Rows in which an expression over the model's own columns does not hold; null holds. #}
{% test expression_is_true(model, expression) %}
    select *
    from {{ model }}
    where not ({{ expression }})
{% endtest %}
