{#
    A click on a referral link and the purchase that followed it within referral_days: the order that
    the programme names, or the first of the person. A programme that tells no time of a click is
    believed the order it names, or the newest one when it saw the person buy.
#}
with referrals as (
    select * from {{ ref('int_referrals_unioned') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached(
        'referrals',
        at='clicked_at',
        day='click_date',
        account_key='referred_customer_key',
        email='referred_email',
    ) }}
),

visited as (
    select
        attached.*,
        {{ store_entity_key('attached.order_id') }} as named_order_key,
        coalesce(attached.customer_key, devices.customer_key) as friend_key
    from attached
    left join identifiers as devices
        on
            attached.visitor_key = devices.identifier_key
            and attached.customer_key is null
),

advocates as (
    select
        keyed.referral_key,
        identifiers.customer_key
    from (
        select
            referral_key,
            {{ identifying_key('advocate_customer_key', 'advocate_email') }} as identifier_key
        from referrals
    ) as keyed
    inner join identifiers on keyed.identifier_key = identifiers.identifier_key
),

candidates as (
    select
        visited.referral_key,
        visited.clicked_at,
        visited.converted_at,
        orders.order_key,
        orders.placed_at,
        true as is_named
    from visited
    inner join orders on visited.named_order_key = orders.order_key
    union all
    select
        visited.referral_key,
        visited.clicked_at,
        visited.converted_at,
        orders.order_key,
        orders.placed_at,
        false as is_named
    from visited
    inner join orders on visited.friend_key = orders.customer_key
),

in_time as (
    select *
    from candidates
    where
        (
            clicked_at is not null
            and placed_at >= clicked_at
            and placed_at <= {{ dbt.dateadd('day', var('referral_days'), 'clicked_at') }}
        )
        or (
            clicked_at is null
            and (
                is_named
                or (
                    placed_at <= converted_at
                    and placed_at
                    > {{ dbt.dateadd('day', -var('referral_days'), 'converted_at') }}
                )
            )
        )
),

followed as (
    select
        referral_key,
        order_key,
        row_number() over (
            partition by referral_key
            order by
                case when is_named then 0 else 1 end asc,
                coalesce(
                    {{ seconds_between('clicked_at', 'placed_at') }},
                    {{ seconds_between('placed_at', 'converted_at') }}
                ) asc,
                order_key asc
        ) as order_rank
    from in_time
),

final as (
    select
        visited.referral_key,
        visited.store_key,
        advocates.customer_key as advocate_customer_key,
        visited.friend_key as referred_customer_key,
        coalesce(visited.visitor_key, visited.friend_key, visited.referral_key)
            as referred_visitor_key,
        followed.order_key,
        visited.source_name,
        visited.account_id,
        visited.status,
        followed.order_key is not null as is_converted,
        visited.click_date,
        visited.clicked_at,
        visited.converted_at
    from visited
    left join advocates on visited.referral_key = advocates.referral_key
    left join followed
        on
            visited.referral_key = followed.referral_key
            and followed.order_rank = 1
)

select * from final
