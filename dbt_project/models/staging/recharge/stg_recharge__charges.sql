{#
    Charges, also those to come; Recharge deletes queued ones and makes them anew, which only an
    event tells.
#}
with source as (
    select * from {{ source('recharge', 'charges') }}
),

events as (
    select * from {{ ref('base_recharge__events') }}
),

renamed as (
    select
        _account_id as account_id,
        id as charge_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('external_order_id') }} as order_id,
        lower({{ blank_to_null('status') }}) as status,
        lower({{ blank_to_null('type') }}) as charge_type,
        upper({{ blank_to_null('currency') }}) as currency_code,
        cast(total_price as numeric(18, 4)) as total_amount,
        scheduled_at as scheduled_date,
        {{ to_utc('processed_at') }} as processed_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
),

deleted as (
    select distinct
        account_id,
        object_id as charge_id
    from events
    where object_type = 'charge' and verb = 'deleted'
),

final as (
    select
        renamed.account_id,
        renamed.charge_id,
        renamed.customer_id,
        renamed.order_id,
        renamed.status,
        renamed.charge_type,
        renamed.currency_code,
        renamed.total_amount,
        deleted.charge_id is not null as is_deleted,
        renamed.scheduled_date,
        renamed.processed_at,
        renamed.updated_at,
        renamed._loaded_at
    from renamed
    left join deleted
        on
            renamed.account_id = deleted.account_id
            and renamed.charge_id = deleted.charge_id
)

select * from final
