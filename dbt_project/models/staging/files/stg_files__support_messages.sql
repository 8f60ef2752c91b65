with source as (
    select * from {{ source('files', 'support_messages') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('message_id') }} as message_id,
        {{ blank_to_null('ticket_id') }} as ticket_id,
        lower({{ blank_to_null('channel') }}) as channel,
        cast(is_from_agent as boolean) as is_from_agent,
        cast(is_automated as boolean) as is_automated,
        cast(is_public as boolean) as is_public,
        {{ to_utc('sent_at') }} as sent_at,
        _loaded_at
    from source
)

select * from renamed
