{% set classes = {
    'goods': 'gross_amount',
    'returns': '-return_amount',
    'discounts': '-discount_amount',
    'shipping': 'shipping_amount',
    'gift vouchers': 'gift_card_amount',
    'fees': 'fee_amount',
    'tips': 'tip_amount',
    'manual': 'manual_amount',
    'samples': 'sample_amount',
    'tax': 'tax_amount',
} %}

with movements as (
    select * from {{ ref('fct_sales_movements') }}
),

classed as (
    {%- for sales_class, amount in classes.items() %}
        select
            store_key,
            '{{ sales_class }}' as sales_class,
            {{ amount }} as amount,
            movement_date
        from movements
        where {{ amount }} != 0
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['store_key', 'sales_class', 'movement_date']) }} as sales_class_key,
        store_key,
        cast(sales_class as varchar) as sales_class,
        cast(sum(amount) as numeric(18, 4)) as amount,
        movement_date
    from classed
    group by store_key, sales_class, movement_date
)

select * from final
