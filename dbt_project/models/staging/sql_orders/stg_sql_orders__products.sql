with source as (
    {{ with_is_gone(
        source('sql_orders', 'products'),
        source('sql_orders', '_present_keys'),
        'products',
        'product_id',
    ) }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('product_name') }} as product_name,
        {{ blank_to_null('brand') }} as brand,
        {{ blank_to_null('product_type') }} as product_type,
        {{ blank_to_null('category') }} as category,
        {{ blank_to_null('handle') }} as handle,
        lower({{ blank_to_null('status') }}) as status,
        cast(is_gift_card as boolean) as is_gift_card,
        coalesce(cast(is_deleted as boolean), false) or is_gone as is_deleted,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('updated_at') }} as updated_at,
        _loaded_at
    from source
)

select * from renamed
