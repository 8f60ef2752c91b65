-- What can be bought: a variation, or a product without any, which is its own variant.
with products as (
    select * from {{ source('woocommerce', 'products') }}
    where type not in ('variable', 'grouped')
),

variations as (
    select * from {{ source('woocommerce', 'variations') }}
),

stores as (
    select * from {{ source('woocommerce', 'stores') }}
),

variants as (
    select
        _account_id,
        id,
        id as product_id,
        sku,
        cast(null as varchar) as variation_name,
        status,
        price,
        regular_price,
        cost_of_goods_sold,
        stock_quantity,
        manage_stock,
        date_modified_gmt,
        _loaded_at
    from products
    union all
    select
        _account_id,
        id,
        product_id,
        sku,
        name as variation_name,
        status,
        price,
        regular_price,
        cost_of_goods_sold,
        stock_quantity,
        manage_stock,
        date_modified_gmt,
        _loaded_at
    from variations
),

renamed as (
    select
        variants._account_id as account_id,
        {{ blank_to_null('variants.id') }} as variant_id,
        {{ blank_to_null('variants.product_id') }} as product_id,
        {{ blank_to_null('variants.sku') }} as sku,
        {{ blank_to_null('variants.variation_name') }} as variant_name,
        upper({{ blank_to_null('stores.currency') }}) as currency_code,
        cast(variants.price as numeric(18, 4)) as price_amount,
        cast(
            case when variants.regular_price > variants.price then variants.regular_price end
            as numeric(18, 4)
        ) as compare_at_amount,
        cast(variants.cost_of_goods_sold as numeric(18, 4)) as unit_cost_amount,
        cast(variants.stock_quantity as numeric(18, 3)) as stock_quantity,
        coalesce(variants.manage_stock, false) as has_stock,
        coalesce(lower(variants.status) = 'trash', false) as is_deleted,
        row_number() over (
            partition by variants._account_id, variants.id
            order by variants.date_modified_gmt desc
        ) = 1 as is_newest,
        {{ to_utc('variants.date_modified_gmt') }} as observed_at,
        variants._loaded_at
    from variants
    left join stores on variants._account_id = stores._account_id
)

select * from renamed
