-- A variant that was sold but that the source does not list (any more) is known by its lines.
with product_variants as (
    select * from {{ ref('int_product_variants_unioned') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

unlisted as (
    select
        order_lines.variant_key,
        max(order_lines.product_key) as product_key,
        order_lines.store_key,
        order_lines.variant_id,
        max(order_lines.sku) as sku,
        max(order_lines.line_name) as variant_name
    from order_lines
    left join product_variants on order_lines.variant_key = product_variants.variant_key
    where order_lines.variant_key is not null and product_variants.variant_key is null
    group by order_lines.variant_key, order_lines.store_key, order_lines.variant_id
),

final as (
    select
        product_variants.variant_key,
        product_variants.product_key,
        -- A catalogue's store is the one that sells its products.
        coalesce(accounts.store_key, 'unassigned') as store_key,
        product_variants.variant_id,
        product_variants.sku,
        product_variants.variant_name,
        product_variants.currency_code,
        product_variants.price_amount as price_store_amount,
        product_variants.compare_at_amount as compare_at_store_amount,
        product_variants.unit_cost_amount as unit_cost_store_amount,
        coalesce(product_variants.is_deleted, false) as is_deleted,
        true as is_listed,
        product_variants.updated_at
    from product_variants
    left join accounts
        on
            product_variants.source_name = accounts.source_name
            and product_variants.account_id = accounts.account_id
    union all
    select
        variant_key,
        product_key,
        store_key,
        variant_id,
        sku,
        variant_name,
        cast(null as varchar) as currency_code,
        cast(null as numeric(18, 4)) as price_store_amount,
        cast(null as numeric(18, 4)) as compare_at_store_amount,
        cast(null as numeric(18, 4)) as unit_cost_store_amount,
        false as is_deleted,
        false as is_listed,
        cast(null as timestamp) as updated_at
    from unlisted
)

select * from final
