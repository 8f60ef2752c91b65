with source as (
    select * from {{ source('yotpo', 'referred_friends') }}
),

renamed as (
    select
        _account_id as account_id,
        member_id,
        position as friend_number,
        lower({{ blank_to_null('friend_email') }}) as email,
        {{ blank_to_null('order_id') }} as order_id,
        {{ to_utc('completed_at') }} as completed_at
    from source
)

select * from renamed
