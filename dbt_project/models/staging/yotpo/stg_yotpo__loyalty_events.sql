with source as (
    select * from {{ source('yotpo', 'loyalty_events') }}
),

renamed as (
    select
        _account_id as account_id,
        event_id,
        member_id,
        {{ blank_to_null('third_party_id') }} as customer_id,
        lower({{ blank_to_null('email') }}) as email,
        -- Yotpo tells what an entry was for, not what kind it is.
        case
            when lower(action) like '%expire%' then 'expired'
            when lower(action) like '%adjust%' then 'adjusted'
            when points < 0 then 'redeemed'
            else 'earned'
        end as event_type,
        lower(
            coalesce({{ blank_to_null('action_name') }}, {{ blank_to_null('action') }})
        ) as reason,
        {{ blank_to_null('order_id') }} as order_id,
        cast(points as numeric(18, 3)) as points,
        {{ to_utc('created_at') }} as occurred_at,
        _loaded_at
    from source
    -- What is pending is not in the balance yet, what was reversed no longer.
    where coalesce(lower(status), '') not in ('pending', 'reversed')
)

select * from renamed
