with source as (
    select * from {{ source('yotpo', 'loyalty_members') }}
),

renamed as (
    select
        _account_id as account_id,
        member_id,
        {{ blank_to_null('third_party_id') }} as customer_id,
        lower({{ blank_to_null('email') }}) as email,
        lower({{ blank_to_null('vip_tier_name') }}) as tier,
        cast(points_balance as numeric(18, 3)) as points_balance,
        coalesce(opt_in, true) as is_enrolled,
        {{ to_utc('opted_in_at') }} as enrolled_at,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
