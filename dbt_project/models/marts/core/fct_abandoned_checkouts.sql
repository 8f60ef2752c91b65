{% set open_hours = var('abandonment_hours') %}

with checkouts as (
    select * from {{ ref('int_abandoned_checkouts_unioned') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_filled') }}
),

-- A checkout that was split over several orders is recovered by its first.
ordered as (
    select
        store_key,
        checkout_id,
        order_key,
        row_number() over (
            partition by store_key, checkout_id order by placed_at, order_key
        ) as order_number
    from orders
    where checkout_id is not null
),

keyed as (
    select
        checkouts.*,
        {{ identifying_key('source_customer_key', 'email', 'phone') }} as identifier_key
    from checkouts
),

located as (
    select
        checkouts.checkout_key,
        ordered.order_key,
        checkouts.store_key,
        identifiers.customer_key,
        checkouts.checkout_id,
        coalesce(checkouts.currency_code, stores.currency_code) as currency_code,
        checkouts.subtotal_amount,
        checkouts.discount_amount,
        checkouts.tax_amount,
        checkouts.total_amount,
        checkouts.item_count,
        checkouts.completed_at is null
        or checkouts.completed_at
        >= {{ dbt.dateadd('hour', open_hours, 'checkouts.created_at') }} as is_abandoned,
        {{ local_date('checkouts.created_at', 'stores.timezone') }} as checkout_date,
        checkouts.created_at,
        {{ dbt.dateadd('hour', open_hours, 'checkouts.created_at') }} as abandoned_at,
        checkouts.completed_at
    from keyed as checkouts
    inner join stores on checkouts.store_key = stores.store_key
    left join identifiers on checkouts.identifier_key = identifiers.identifier_key
    left join ordered
        on
            checkouts.store_key = ordered.store_key
            and checkouts.checkout_id = ordered.checkout_id
            and ordered.order_number = 1
),

final as (
    select
        located.checkout_key,
        located.order_key,
        located.store_key,
        located.customer_key,
        located.checkout_id,
        located.currency_code,
        located.total_amount as total_store_amount,
        {%- for amount in ['subtotal', 'discount', 'tax', 'total'] %}
            {{ money_multiply('located.' ~ amount ~ '_amount', 'fx_rates.rate') }}
                as {{ amount }}_amount,
        {%- endfor %}
        located.item_count,
        located.is_abandoned,
        located.is_abandoned
        and located.completed_at is not null
        and located.completed_at
        <= {{ dbt.dateadd('day', var('recovery_days'), 'located.created_at') }} as is_recovered,
        located.checkout_date,
        located.created_at,
        case when located.is_abandoned then located.abandoned_at end as abandoned_at,
        case when located.is_abandoned then located.completed_at end as recovered_at
    from located
    left join fx_rates
        on
            located.currency_code = fx_rates.currency_code
            and located.checkout_date = fx_rates.rate_date
)

select * from final
