with source as (
    select * from {{ source('google_ads', 'conversion_actions') }}
),

renamed as (
    select
        _account_id as account_id,
        conversion_action__id as conversion_action_id,
        conversion_action__name as conversion_action_name,
        lower(conversion_action__status) as status,
        lower(conversion_action__category) as category,
        conversion_action__click_through_lookback_window_days as click_window_days,
        conversion_action__view_through_lookback_window_days as view_window_days,
        conversion_action__primary_for_goal as is_primary,
        _loaded_at
    from source
)

select * from renamed
