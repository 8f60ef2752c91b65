with source as (
    select * from {{ source('yotpo', 'review_media') }}
),

renamed as (
    select
        _account_id as account_id,
        cast(review_id as varchar) || '-' || cast(position as varchar) as media_id,
        cast(review_id as varchar) as review_id,
        media_type,
        _loaded_at
    from source
)

select * from renamed
