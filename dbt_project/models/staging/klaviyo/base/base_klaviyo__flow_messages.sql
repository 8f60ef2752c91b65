with source as (
    select * from {{ source('klaviyo', 'flow_messages') }}
),

renamed as (
    select
        _account_id as account_id,
        id as flow_message_id,
        {{ blank_to_null('flow_id') }} as flow_id,
        lower({{ blank_to_null('channel') }}) as channel,
        {{ blank_to_null('name') }} as message_name,
        {{ blank_to_null('subject') }} as subject,
        {{ to_utc('created') }} as created_at,
        _loaded_at
    from source
)

select * from renamed
