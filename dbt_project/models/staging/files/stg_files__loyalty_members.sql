with source as (
    select * from {{ source('files', 'loyalty_members') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('member_id') }} as member_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('tier') }} as tier,
        cast(points_balance as numeric(18, 3)) as points_balance,
        cast(is_enrolled as boolean) as is_enrolled,
        {{ to_utc('enrolled_at') }} as enrolled_at,
        {{ to_utc('observed_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
