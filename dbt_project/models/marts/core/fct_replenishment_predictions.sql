with purchases as (
    select * from {{ ref('int_product_purchase_days') }}
),

medians as (
    select * from {{ ref('int_repurchase_medians_found') }}
),

expected as (
    select
        purchases.*,
        case when products.basis is not null then 'product' else 'category' end as basis,
        coalesce(products.gap_count, categories.gap_count) as gap_count,
        coalesce(products.median_gap_days, categories.median_gap_days) as predicted_gap_days
    from purchases
    left join medians as products
        on
            products.basis = 'product'
            and purchases.product_key = products.basis_key
            and purchases.purchase_date = products.known_date
    left join medians as categories
        on
            categories.basis = 'category'
            and purchases.category = categories.basis_key
            and purchases.purchase_date = categories.known_date
),

-- Half a day is the next one.
dated as (
    select
        *,
        cast(
            {{ dbt.dateadd(
                'day', 'cast(floor(predicted_gap_days + 0.5) as integer)', 'purchase_date'
            ) }} as date
        ) as predicted_date
    from expected
    where predicted_gap_days is not null
),

final as (
    select
        product_purchase_key as replenishment_prediction_key,
        store_key,
        customer_key,
        product_key,
        basis,
        gap_count,
        predicted_gap_days,
        case
            when next_purchase_date is not null
                then
                    abs({{ days_between('predicted_date', 'next_purchase_date') }})
                    <= {{ greatest(['3', '0.2 * predicted_gap_days']) }}
        end as is_accurate,
        purchase_date as made_on,
        predicted_date,
        next_purchase_date
    from dated
)

select * from final
