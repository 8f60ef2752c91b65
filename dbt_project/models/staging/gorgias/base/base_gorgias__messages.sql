with source as (
    select * from {{ source('gorgias', 'messages') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(id as varchar) as message_id,
        cast(ticket_id as varchar) as ticket_id,
        {{ support_channel('channel') }} as channel,
        coalesce(from_agent, false) as is_from_agent,
        -- What a rule sends has its number, or says so in `via`.
        rule_id is not null or coalesce(lower(via) = 'rule', false) as is_automated,
        coalesce(public, false) as is_public,
        {{ to_utc('coalesce(sent_datetime, created_datetime)') }} as sent_at,
        _loaded_at
    from source
    -- A message that could not be sent answers nobody.
    where failed_datetime is null and deleted_datetime is null
)

select * from renamed
