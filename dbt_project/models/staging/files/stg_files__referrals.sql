with source as (
    select * from {{ source('files', 'referrals') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('referral_id') }} as referral_id,
        {{ blank_to_null('advocate_customer_id') }} as advocate_customer_id,
        {{ blank_to_null('advocate_email') }} as advocate_email,
        {{ blank_to_null('referred_customer_id') }} as referred_customer_id,
        {{ blank_to_null('referred_email') }} as referred_email,
        {{ blank_to_null('visitor_id') }} as visitor_id,
        {{ blank_to_null('order_id') }} as order_id,
        lower({{ blank_to_null('status') }}) as status,
        {{ to_utc('clicked_at') }} as clicked_at,
        {{ to_utc('converted_at') }} as converted_at,
        _loaded_at
    from source
)

select * from renamed
