{#
    Rows `order_line_key, amount`: what an order states as a whole, by line. A line that has a part
    keeps it; the others share the rest by weight, four digits each, the remainder to the last of
    them by key, so that the parts equal the whole.

    relation: rows of order_key, order_line_key, whole, part, weight; weight >= 0.
#}
{% macro allocate_rest(relation) -%}
    select
        order_line_key,
        case
            when part is not null then part
            when rest_weight = 0 then 0
            when line_number = 1 then rest - (sum(share) over (partition by order_key) - share)
            else share
        end as amount
    from (
        select
            order_key,
            order_line_key,
            part,
            rest,
            rest_weight,
            line_number,
            coalesce({{ money_share('rest', 'rest_weight', 'order_weight') }}, 0) as share
        from (
            select
                order_key,
                order_line_key,
                part,
                case when part is null then weight else 0 end as rest_weight,
                whole - sum(coalesce(part, 0)) over (partition by order_key) as rest,
                sum(case when part is null then weight else 0 end) over (
                    partition by order_key
                ) as order_weight,
                row_number() over (
                    partition by order_key
                    order by
                        case when part is null and weight > 0 then 0 else 1 end,
                        order_line_key desc
                ) as line_number
            from {{ relation }}
        ) as weighed
    ) as shared
{%- endmacro %}
