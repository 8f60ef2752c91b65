with source as (
    select * from {{ source('commercetools', 'product_variants') }}
),

renamed as (
    select
        _account_id as account_id,
        {{ blank_to_null('id') }} as variant_id,
        {{ blank_to_null('product_id') }} as product_id,
        {{ blank_to_null('sku') }} as sku,
        upper({{ blank_to_null('currency') }}) as currency_code,
        cast(coalesce(discounted_price, price) as numeric(18, 4)) as price_amount,
        cast(case when discounted_price < price then price end as numeric(18, 4))
            as compare_at_amount,
        row_number() over (
            partition by _account_id, id
            order by product_modified_at desc
        ) = 1 as is_newest,
        {{ to_utc('product_modified_at') }} as observed_at,
        _loaded_at
    from source
)

select * from renamed
