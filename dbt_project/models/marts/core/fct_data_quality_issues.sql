with in_orders as (
    select * from {{ ref('int_findings_in_orders') }}
),

in_money as (
    select * from {{ ref('int_findings_in_money') }}
),

in_times as (
    select * from {{ ref('int_findings_in_times') }}
),

rules as (
    select * from {{ ref('data_quality_rules') }}
),

findings as (
    select * from in_orders
    union all
    select * from in_money
    union all
    select * from in_times
),

counted as (
    select
        rule_name,
        table_name,
        store_key,
        count(*) as row_count,
        min(_loaded_at) as first_loaded_at,
        max(_loaded_at) as last_loaded_at
    from findings
    group by rule_name, table_name, store_key
),

final as (
    select
        {{ surrogate_key(['counted.rule_name', 'counted.table_name', 'counted.store_key']) }}
            as data_quality_issue_key,
        counted.store_key,
        counted.rule_name,
        counted.table_name,
        rules.consequence,
        rules.description,
        rules.remedy,
        counted.row_count,
        counted.first_loaded_at,
        counted.last_loaded_at
    from counted
    left join rules on counted.rule_name = rules.rule_name
)

select * from final
