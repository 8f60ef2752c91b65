{#
    Rows of an account that does not sell itself, such as reviews or tickets, with the store that the
    account belongs to and the person that a row is of. All columns of the relation, and: store_key,
    store_source_name and store_account_id (to make keys of the store's own ids), customer_key, and
    the store's day.

    relation: CTE with source_name and account_id; the caller imports accounts and identifiers too.
    at: column of the time; day: name of the day's column.
    account_key, email: columns that tell the person.
#}
{% macro attached(relation, at, day, account_key='source_customer_key', email='email') -%}
    select
        keyed.*,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        accounts.store_source_name,
        accounts.store_account_id,
        identifiers.customer_key,
        {{ local_date('keyed.' ~ at, "coalesce(accounts.timezone, 'UTC')") }} as {{ day }}
    from (
        select
            *,
            {{ identifying_key(account_key, email) }} as identifier_key
        from {{ relation }}
    ) as keyed
    left join accounts
        on
            keyed.source_name = accounts.source_name
            and keyed.account_id = accounts.account_id
    left join identifiers on keyed.identifier_key = identifiers.identifier_key
{%- endmacro %}

{# Key of something that the store itself sells or keeps, by its id in an attached row. #}
{% macro store_entity_key(id) -%}
    case
        when {{ id }} is not null
            then {{ surrogate_key(['store_source_name', 'store_account_id', id]) }}
    end
{%- endmacro %}
