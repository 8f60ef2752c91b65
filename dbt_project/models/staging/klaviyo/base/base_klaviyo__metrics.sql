with source as (
    select * from {{ source('klaviyo', 'metrics') }}
),

renamed as (
    select
        _account_id as account_id,
        id as metric_id,
        {{ blank_to_null('name') }} as metric_name,
        {{ blank_to_null('integration__name') }} as integration_name,
        _loaded_at
    from source
)

select * from renamed
