{# Sample standard deviation of whole numbers by their count, sum and sum of squares; null under two.
   All three are exact, so in whatever order the numbers come it is the same to the last digit. #}
{% macro deviation(count, total, squares) -%}
    sqrt(
        {{ safe_divide(
            '(' ~ count ~ ' * ' ~ squares ~ ' - ' ~ total ~ ' * ' ~ total ~ ')',
            '(' ~ count ~ ' * (' ~ count ~ ' - 1))'
        ) }}
    )
{%- endmacro %}
