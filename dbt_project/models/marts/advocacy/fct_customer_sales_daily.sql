{#
    Who was a VIP when they bought. A store's loyalty programme says so from the day on which its
    members were first observed; where there is none, and before that, its best customers are.
#}
with movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null
),

members as (
    select * from {{ ref('dim_loyalty_members_history') }}
),

vip_tiers as (
    select * from {{ ref('vip_tiers') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

spans as (
    select * from {{ ref('int_customer_spend_spanned') }}
),

cuts as (
    select * from {{ ref('int_vip_cuts_found') }}
),

daily as (
    select
        store_key,
        customer_key,
        sum(net_amount) as net_amount,
        movement_date
    from movements
    group by
        store_key,
        customer_key,
        movement_date
),

observed as (
    select
        members.store_key,
        members.customer_key,
        members.is_enrolled and vip_tiers.tier is not null as is_vip,
        {{ local_date('members.valid_from', 'stores.timezone') }} as start_date,
        {{ local_date('members.valid_to', 'stores.timezone') }} as end_date
    from members
    inner join stores on members.store_key = stores.store_key
    left join vip_tiers
        on
            members.source_name = vip_tiers.source_name
            and lower(members.tier) = vip_tiers.tier
),

programmes as (
    select
        store_key,
        min(start_date) as first_date
    from observed
    group by store_key
),

tiered as (
    select distinct
        daily.store_key,
        daily.customer_key,
        daily.movement_date
    from daily
    inner join observed
        on
            daily.store_key = observed.store_key
            and daily.customer_key = observed.customer_key
            and daily.movement_date >= observed.start_date
            and (observed.end_date is null or daily.movement_date < observed.end_date)
    where observed.is_vip
),

told as (
    select
        daily.*,
        spans.net_amount as net_amount_before,
        cuts.cut_amount,
        tiered.customer_key is not null as has_vip_tier,
        case
            when daily.movement_date >= programmes.first_date then 'tier'
            else 'spend'
        end as vip_basis
    from daily
    left join programmes on daily.store_key = programmes.store_key
    left join tiered
        on
            daily.store_key = tiered.store_key
            and daily.customer_key = tiered.customer_key
            and daily.movement_date = tiered.movement_date
    left join spans
        on
            daily.store_key = spans.store_key
            and daily.customer_key = spans.customer_key
            and daily.movement_date >= spans.start_date
            and (spans.end_date is null or daily.movement_date < spans.end_date)
    left join cuts
        on
            daily.store_key = cuts.store_key
            and daily.movement_date = cuts.cut_date
),

final as (
    select
        {{ surrogate_key(['store_key', 'customer_key', 'movement_date']) }}
            as customer_sales_key,
        store_key,
        customer_key,
        vip_basis,
        cast(net_amount as numeric(18, 4)) as net_amount,
        cast(coalesce(net_amount_before, 0) as numeric(18, 4)) as net_amount_before,
        case vip_basis
            when 'tier' then has_vip_tier
            else coalesce(net_amount_before > 0 and net_amount_before >= cut_amount, false)
        end as is_vip,
        movement_date as sales_date
    from told
)

select * from final
