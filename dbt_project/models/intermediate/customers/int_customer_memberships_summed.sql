with members as (
    select * from {{ ref('dim_loyalty_members_history') }}
    where customer_key is not null and is_current
),

subscriptions as (
    select * from {{ ref('fct_subscription_periods') }}
    where customer_key is not null
),

memberships as (
    select * from {{ ref('fct_segment_memberships') }}
    where is_member
),

-- Of several programmes the newest tier speaks, and points add up.
ranked as (
    select
        customer_key,
        tier,
        is_enrolled,
        sum(points_balance) over (partition by customer_key) as points_balance,
        row_number() over (
            partition by customer_key
            order by
                case when is_enrolled then 0 else 1 end asc,
                valid_from desc,
                loyalty_member_key asc
        ) as member_number
    from members
),

subscribed as (
    select
        customer_key,
        count(
            case
                when start_date <= {{ as_of() }} and (end_date is null or end_date > {{ as_of() }})
                    then 1
            end
        ) as active_subscription_count,
        min(start_date) as first_subscription_date
    from subscriptions
    group by customer_key
),

listed as (
    select
        customer_key,
        {{ dbt.listagg('segment_key', "', '", 'order by segment_key') }} as segment_keys,
        count(*) as segment_count
    from memberships
    group by customer_key
),

customers as (
    select customer_key from ranked
    union
    select customer_key from subscribed
    union
    select customer_key from listed
),

final as (
    select
        customers.customer_key,
        ranked.tier as loyalty_tier,
        cast(listed.segment_keys as varchar) as segment_keys,
        coalesce(listed.segment_count, 0) as segment_count,
        coalesce(subscribed.active_subscription_count, 0) as active_subscription_count,
        cast(ranked.points_balance as numeric(18, 3)) as points_balance,
        coalesce(ranked.is_enrolled, false) as is_enrolled,
        subscribed.first_subscription_date
    from customers
    left join ranked
        on customers.customer_key = ranked.customer_key and ranked.member_number = 1
    left join subscribed on customers.customer_key = subscribed.customer_key
    left join listed on customers.customer_key = listed.customer_key
)

select * from final
