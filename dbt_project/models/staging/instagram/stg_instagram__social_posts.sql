with source as (
    select * from {{ source('instagram', 'media') }}
),

renamed as (
    select
        _account_id as account_id,
        id as post_id,
        'instagram' as platform,
        case
            when media_product_type = 'REELS' then 'reel'
            when media_product_type = 'STORY' then 'story'
            when media_type = 'CAROUSEL_ALBUM' then 'carousel'
            else lower(media_type)
        end as media_type,
        {{ blank_to_null('permalink') }} as permalink,
        {{ to_utc('published_at') }} as published_at,
        _loaded_at
    from source
)

select * from renamed
