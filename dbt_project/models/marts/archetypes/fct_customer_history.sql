{#
    What a customer was on the day of each snapshot: archetypes by the model in force then, beside
    the facts as they were known at its end. Both sides have to know the day, so that a snapshot
    that the models have not seen yet waits for them, and a customer who is forgotten goes.
#}
with memberships as (
    select * from {{ ref('stg_ml__archetype_memberships') }}
    where snapshot_date <= {{ as_of() }}
),

features as (
    select * from {{ ref('fct_customer_features') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

final as (
    select
        memberships.customer_key,
        customers.customer_id,
        memberships.archetype_l1_id,
        memberships.archetype_l2_id,
        memberships.archetype_l3_id,
        memberships.dominant_segments,
        memberships.membership_strengths,
        memberships.model_version,
        features.order_count,
        features.days_since_last_purchase,
        features.tenure_days as customer_tenure_days,
        cast(coalesce(features.net_revenue_amount, 0) as numeric(18, 4)) as lifetime_value_amount,
        memberships.snapshot_date
    from memberships
    inner join features
        on
            memberships.customer_key = features.customer_key
            and memberships.snapshot_date = features.snapshot_date
    inner join customers on memberships.customer_key = customers.customer_key
)

select * from final
