with source as (
    select * from {{ source('yotpo', 'referral_clicks') }}
),

renamed as (
    select
        _account_id as account_id,
        click_id,
        member_id,
        {{ blank_to_null('third_party_id') }} as customer_id,
        lower({{ blank_to_null('email') }}) as email,
        click_number,
        {{ to_utc('counted_at') }} as counted_at,
        _loaded_at
    from source
)

select * from renamed
