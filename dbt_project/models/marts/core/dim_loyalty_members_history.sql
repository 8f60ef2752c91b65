-- A version stands until the next one of the member.
with versions as (
    select * from {{ ref('int_loyalty_members_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached(
        'versions', at='observed_at', day='observed_date', account_key='source_member_key'
    ) }}
),

final as (
    select
        loyalty_member_key,
        source_member_key,
        store_key,
        customer_key,
        source_name,
        account_id,
        tier,
        points_balance,
        coalesce(is_enrolled, true) as is_enrolled,
        enrolled_at,
        observed_at as valid_from,
        lead(observed_at) over (
            partition by source_member_key order by observed_at asc, loyalty_member_key asc
        ) as valid_to,
        lead(observed_at) over (
            partition by source_member_key order by observed_at asc, loyalty_member_key asc
        ) is null as is_current
    from attached
)

select * from final
