-- A cost holds until another is observed; the first one also before, for it is the best that is
-- known of older orders. Of two at one instant that of the store's own source counts. A catalogue
-- says the same on many days: only what is new is kept.
{{ config(materialized='table') }}

with observed as (
    select * from {{ ref('int_items_observed') }}
    where unit_cost_amount is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by item_key, observed_at
            order by
                case when is_own then 0 else 1 end asc,
                source_name asc,
                item_observation_key asc
        ) as preference
    from observed
),

compared as (
    select
        *,
        lag(unit_cost_amount) over (partition by item_key order by observed_at asc)
            as previous_amount,
        lag(currency_code) over (partition by item_key order by observed_at asc)
            as previous_currency_code
    from ranked
    where preference = 1
),

final as (
    select
        item_observation_key as unit_cost_key,
        item_key,
        currency_code,
        unit_cost_amount,
        observed_at,
        case
            when row_number() over (partition by item_key order by observed_at asc) > 1
                then observed_at
        end as valid_from,
        lead(observed_at) over (partition by item_key order by observed_at asc) as valid_to
    from compared
    where
        previous_amount is null
        or unit_cost_amount != previous_amount
        or currency_code != previous_currency_code
)

select * from final
