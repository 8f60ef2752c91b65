{#- The time that puts a row on its day. -#}
{% set times = {
    'orders': 'placed_at',
    'refund_lines': 'processed_at',
    'payments': 'processed_at',
    'abandoned_checkouts': 'created_at',
    'web_events': 'occurred_at',
    'email_events': 'occurred_at',
    'ad_performance': 'ad_date',
    'reviews': 'created_at',
    'survey_responses': 'answered_at',
    'support_tickets': 'created_at',
    'loyalty_events': 'occurred_at',
    'subscription_events': 'occurred_at',
} %}

with accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

undated_rows as (
    {%- for entity, time in times.items() %}
        select
            '{{ entity }}' as table_name,
            source_name,
            account_id,
            _loaded_at
        from {{ ref('int_' ~ entity ~ '_unioned') }}
        where {{ time }} is null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

no_day as (
    select
        undated_rows.table_name,
        coalesce(accounts.store_key, 'unassigned') as store_key,
        undated_rows._loaded_at
    from undated_rows
    left join accounts
        on
            undated_rows.source_name = accounts.source_name
            and undated_rows.account_id = accounts.account_id
)

{{ findings(['no_day']) }}
