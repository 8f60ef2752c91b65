{#
    The share part / whole of an amount, rounded half away from zero to four digits; null where the
    whole is zero. Through ten digits first, so that a tie is the same tie on every engine.
#}
{% macro money_share(amount, part, whole) -%}
    cast(
        cast(
            cast({{ amount }} as double precision) * {{ safe_divide(part, whole) }}
            as numeric(38,10)
        ) as numeric(18,4)
    )
{%- endmacro %}
