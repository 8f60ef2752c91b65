with source as (
    select * from {{ source('files', 'social_posts') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('post_id') }} as post_id,
        lower({{ blank_to_null('platform') }}) as platform,
        lower({{ blank_to_null('media_type') }}) as media_type,
        {{ blank_to_null('permalink') }} as permalink,
        {{ to_utc('published_at') }} as published_at,
        _loaded_at
    from source
)

select * from renamed
