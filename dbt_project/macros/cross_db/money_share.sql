{#
    The share part / whole of an amount, rounded half away from zero to four digits or to cents;
    null where the whole is zero. Through ten digits first, so that a tie is the same tie on every
    engine; never through four to two, which would make a tie of what is none.
#}
{% macro money_share(amount, part, whole, digits=4) -%}
    cast(
        cast(
            cast({{ amount }} as double precision) * {{ safe_divide(part, whole) }}
            as numeric(38,10)
        ) as numeric(18,{{ digits }})
    )
{%- endmacro %}
