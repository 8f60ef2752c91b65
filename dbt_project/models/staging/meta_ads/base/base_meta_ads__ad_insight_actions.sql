with source as (
    select * from {{ source('meta_ads', 'ad_insight_actions') }}
),

renamed as (
    select
        _account_id as account_id,
        ad_id,
        lower(action_type) as action_type,
        cast(action_count as double precision) as action_count,
        cast(action_value as numeric(18, 4)) as action_value_amount,
        date_start as ad_date
    from source
)

select * from renamed
