with source as (
    select * from {{ source('files', 'web_traffic') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('traffic_source') }} as traffic_source,
        {{ blank_to_null('traffic_medium') }} as traffic_medium,
        {{ blank_to_null('traffic_campaign') }} as traffic_campaign,
        {{ blank_to_null('traffic_campaign_id') }} as traffic_campaign_id,
        cast(session_count as bigint) as session_count,
        cast(engaged_session_count as bigint) as engaged_session_count,
        cast(visitor_count as bigint) as visitor_count,
        cast(new_visitor_count as bigint) as new_visitor_count,
        cast(page_view_count as bigint) as page_view_count,
        cast(is_sampled_or_thresholded as boolean) as is_sampled_or_thresholded,
        cast(traffic_date as date) as traffic_date,
        _loaded_at
    from source
)

select * from renamed
