with source as (
    select * from {{ source('commercetools', 'products') }}
),

categories as (
    select * from {{ source('commercetools', 'categories') }}
),

renamed as (
    select
        source._account_id as account_id,
        {{ blank_to_null('source.id') }} as product_id,
        {{ blank_to_null('source.name') }} as product_name,
        {{ blank_to_null('source.brand') }} as brand,
        {{ blank_to_null('source.product_type_id') }} as product_type,
        {{ blank_to_null('categories.name') }} as category,
        {{ blank_to_null('source.slug') }} as handle,
        case when source.published then 'published' else 'unpublished' end as status,
        row_number() over (
            partition by source._account_id, source.id
            order by source.last_modified_at desc
        ) = 1 as is_newest,
        {{ to_utc('source.created_at') }} as created_at,
        {{ to_utc('source.last_modified_at') }} as observed_at,
        source._loaded_at
    from source
    left join categories
        on
            source._account_id = categories._account_id
            and source.main_category_id = categories.id
)

select * from renamed
