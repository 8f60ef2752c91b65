with source as (
    select * from {{ source('files', 'experiment_exposures') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('exposure_id') }} as exposure_id,
        {{ blank_to_null('experiment_id') }} as experiment_id,
        {{ blank_to_null('variant') }} as variant,
        {{ blank_to_null('visitor_id') }} as visitor_id,
        {{ blank_to_null('customer_id') }} as customer_id,
        {{ to_utc('exposed_at') }} as exposed_at,
        _loaded_at
    from source
)

select * from renamed
