with account_stores as (
    select * from {{ ref('account_stores') }}
),

stores as (
    select * from {{ ref('int_stores_completed') }}
),

mapped as (
    select
        account_stores.source_name,
        account_stores.account_id,
        stores.store_key,
        stores.source_name as store_source_name,
        stores.account_id as store_account_id,
        stores.currency_code,
        stores.timezone
    from account_stores
    inner join stores
        on
            account_stores.store_source_name = stores.source_name
            and account_stores.store_account_id = stores.account_id
),

-- An account that sells is its own store, unless the seed says otherwise.
selling as (
    select
        stores.source_name,
        stores.account_id,
        stores.store_key,
        stores.source_name as store_source_name,
        stores.account_id as store_account_id,
        stores.currency_code,
        stores.timezone
    from stores
    left join mapped
        on
            stores.source_name = mapped.source_name
            and stores.account_id = mapped.account_id
    where mapped.store_key is null and stores.store_key != 'unassigned'
),

unioned as (
    select * from mapped
    union all
    select * from selling
)

select
    {{ surrogate_key(['source_name', 'account_id']) }} as account_key,
    store_key,
    source_name,
    account_id,
    store_source_name,
    store_account_id,
    currency_code,
    timezone
from unioned
