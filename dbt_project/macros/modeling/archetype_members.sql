{#
    CTEs up to `described`: the archetypes of a level that anybody was in on a snapshot, in words,
    with who is in them now, what these are worth and how likely they leave.
    level: l1, l2 or l3. Reads the CTEs `archetypes`, `history`, `customers` and `scores`.
    Chances are summed as decimals, so that the order of rows does not matter.
#}
{% macro archetype_members(level) -%}
{%- set archetype_id = 'archetype_' ~ level ~ '_id' -%}
seen as (
    select
        {{ archetype_id }} as archetype_id,
        min(archetype_l1_id) as parent_archetype_id,
        min(snapshot_date) as first_snapshot_date,
        max(snapshot_date) as last_snapshot_date
    from history
    group by {{ archetype_id }}
),

members as (
    select
        customers.{{ archetype_id }} as archetype_id,
        count(*) as member_count,
        sum(customers.lifetime_value_amount) as total_lifetime_value_amount,
        count(scores.churn_probability) as scored_member_count,
        sum(
            case when scores.churn_risk_level in ('critical', 'high') then 1 else 0 end
        ) as high_risk_member_count,
        sum(cast(scores.churn_probability as numeric(18, 10))) as expected_churn_count
    from customers
    left join scores on customers.customer_key = scores.customer_key
    group by customers.{{ archetype_id }}
),

everybody as (
    select
        count(*) as customer_count,
        max(snapshot_date) as snapshot_date
    from customers
),

described as (
    select
        seen.archetype_id,
        seen.parent_archetype_id,
        archetypes.archetype_key,
        archetypes.traits,
        cast(coalesce(members.member_count, 0) as bigint) as member_count,
        cast(coalesce(members.scored_member_count, 0) as bigint) as scored_member_count,
        cast(coalesce(members.high_risk_member_count, 0) as bigint) as high_risk_member_count,
        {{ safe_divide('coalesce(members.member_count, 0)', 'everybody.customer_count') }}
            as member_share,
        cast(coalesce(members.total_lifetime_value_amount, 0) as numeric(18, 4))
            as total_lifetime_value_amount,
        {{ money_share('members.total_lifetime_value_amount', 1, 'members.member_count') }}
            as average_lifetime_value_amount,
        {{ safe_divide('members.expected_churn_count', 'members.scored_member_count') }}
            as average_churn_probability,
        seen.first_snapshot_date,
        seen.last_snapshot_date,
        everybody.snapshot_date
    from seen
    cross join everybody
    left join archetypes on seen.archetype_id = archetypes.archetype_id
    left join members on seen.archetype_id = members.archetype_id
)
{%- endmacro %}
