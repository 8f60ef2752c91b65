with source as (
    select * from {{ source('google_ads', 'campaigns') }}
),

renamed as (
    select
        _account_id as account_id,
        campaign__id as campaign_id,
        campaign__name as campaign_name,
        lower(campaign__status) as status,
        lower(campaign__serving_status) as effective_status,
        lower(campaign__advertising_channel_type) as campaign_type,
        lower(campaign__advertising_channel_sub_type) as campaign_subtype,
        lower(campaign__bidding_strategy_type) as bidding_strategy_type,
        -- In the account's zone, with its time of day only since a short while.
        cast(substr(campaign__start_date_time, 1, 10) as date) as start_date,
        cast(substr(campaign__end_date_time, 1, 10) as date) as end_date,
        _loaded_at
    from source
)

select * from renamed
