{#
    Rows `order_line_key` and one column a part: amounts of an order by line, in proportion to the
    lines' weights, four digits each, the remainder to the last line by key, so that the parts equal
    the whole. Where no line has a weight, all have the same. Of an unknown amount every part is.

    relation: rows of order_key, order_line_key, weight and the order's amounts; weight >= 0.
    amounts: columns of the order's amounts.
#}
{% macro allocate_amounts(relation, amounts) -%}
    select
        order_line_key,
        {%- for amount in amounts %}
            case
                when line_number = 1
                    then
                        {{ amount }}
                        - (
                            sum({{ amount }}_part) over (partition by order_key)
                            - {{ amount }}_part
                        )
                else {{ amount }}_part
            end as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from (
        select
            *,
            row_number() over (
                partition by order_key
                order by case when part_weight > 0 then 0 else 1 end asc, order_line_key desc
            ) as line_number,
            {%- for amount in amounts %}
                {{ money_share(amount, 'part_weight', 'whole_weight') }} as {{ amount }}_part
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from (
            select
                *,
                case when order_weight = 0 then 1 else weight end as part_weight,
                case when order_weight = 0 then line_count else order_weight end as whole_weight
            from (
                select
                    *,
                    sum(weight) over (partition by order_key) as order_weight,
                    count(*) over (partition by order_key) as line_count
                from {{ relation }}
            ) as summed
        ) as weighed
    ) as shared
{%- endmacro %}
