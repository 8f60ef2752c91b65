with source as (
    select * from {{ source('gorgias', 'satisfaction_surveys') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(ticket_id as varchar) as ticket_id,
        score as satisfaction_score,
        {{ to_utc('sent_datetime') }} as sent_at,
        {{ to_utc('scored_datetime') }} as scored_at
    from source
)

select * from renamed
