with source as (
    select * from {{ source('files', 'support_tickets') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('ticket_id') }} as ticket_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ blank_to_null('email') }} as email,
        {{ blank_to_null('order_id') }} as order_id,
        lower({{ blank_to_null('channel') }}) as channel,
        {{ blank_to_null('reason') }} as reason,
        lower({{ blank_to_null('status') }}) as status,
        {{ blank_to_null('priority') }} as priority,
        cast(satisfaction_score as bigint) as satisfaction_score,
        cast(message_count as bigint) as message_count,
        cast(is_spam as boolean) as is_spam,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('first_response_at') }} as first_response_at,
        {{ to_utc('closed_at') }} as closed_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
