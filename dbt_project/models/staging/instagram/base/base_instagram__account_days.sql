with source as (
    select * from {{ source('instagram', 'account_days') }}
),

renamed as (
    select
        _account_id as account_id,
        views as impressions,
        reach,
        metric_date,
        _loaded_at
    from source
)

select * from renamed
