-- A product without variations is its own variant.
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
        cast(null as varchar) as name,
        status,
        price,
        regular_price,
        cost_of_goods_sold,
        date_modified_gmt,
        _loaded_at
    from products
    union all
    select
        _account_id,
        id,
        product_id,
        sku,
        name,
        status,
        price,
        regular_price,
        cost_of_goods_sold,
        date_modified_gmt,
        _loaded_at
    from variations
),

versions as (
    select
        *,
        row_number() over (partition by _account_id, id order by date_modified_gmt desc)
            as version_number
    from variants
),

renamed as (
    select
        versions._account_id as account_id,
        {{ blank_to_null('versions.id') }} as variant_id,
        {{ blank_to_null('versions.product_id') }} as product_id,
        {{ blank_to_null('versions.sku') }} as sku,
        {{ blank_to_null('versions.name') }} as variant_name,
        upper({{ blank_to_null('stores.currency') }}) as currency_code,
        cast(versions.price as numeric(18, 4)) as price_amount,
        cast(
            case when versions.regular_price > versions.price then versions.regular_price end
            as numeric(18, 4)
        ) as compare_at_amount,
        cast(versions.cost_of_goods_sold as numeric(18, 4)) as unit_cost_amount,
        coalesce(lower(versions.status) = 'trash', false) as is_deleted,
        {{ to_utc('versions.date_modified_gmt') }} as updated_at,
        versions._loaded_at
    from versions
    left join stores on versions._account_id = stores._account_id
    where versions.version_number = 1
)

select * from renamed
