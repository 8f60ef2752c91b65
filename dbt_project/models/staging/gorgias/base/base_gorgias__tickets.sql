with source as (
    select * from {{ source('gorgias', 'tickets') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(id as varchar) as ticket_id,
        cast(customer__id as varchar) as customer_id,
        lower({{ blank_to_null('customer__email') }}) as email,
        {{ blank_to_null('order_id') }} as order_id,
        {{ support_channel('channel') }} as channel,
        lower({{ blank_to_null('first_tag') }}) as reason,
        lower(status) as status,
        lower({{ blank_to_null('priority') }}) as priority,
        messages_count as message_count,
        coalesce(spam, false) as is_spam,
        {{ to_utc('created_datetime') }} as created_at,
        {{ to_utc('closed_datetime') }} as closed_at,
        {{ to_utc('updated_datetime') }} as updated_at,
        _loaded_at
    from source
    where trashed_datetime is null
)

select * from renamed
