with source as (
    select * from {{ source('klaviyo', 'lists') }}
),

renamed as (
    select
        _account_id as account_id,
        id as list_id,
        {{ blank_to_null('name') }} as list_name,
        lower({{ blank_to_null('opt_in_process') }}) as opt_in_process,
        {{ to_utc('created') }} as created_at,
        {{ to_utc('updated') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
