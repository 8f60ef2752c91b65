with source as (
    select * from {{ source('google_ads', 'ads') }}
),

renamed as (
    select
        _account_id as account_id,
        ad_group_ad__ad__id as ad_id,
        campaign__id as campaign_id,
        ad_group__id as ad_group_id,
        {{ blank_to_null('ad_group_ad__ad__name') }} as ad_name,
        lower(ad_group_ad__ad__type) as ad_type,
        lower(ad_group_ad__status) as status,
        _loaded_at
    from source
)

select * from renamed
