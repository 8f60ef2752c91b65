-- On every level the members are the customers of the newest snapshot, their values are these
-- customers' values, and the shares are a whole.
{% set levels = ['l1', 'l2', 'l3'] %}

with customers as (
    select
        count(*) as customer_count,
        coalesce(sum(lifetime_value_amount), 0) as lifetime_value_amount
    from {{ ref('fct_customer_current') }}
),

members as (
    {%- for level in levels %}
        select
            '{{ level }}' as archetype_level,
            coalesce(sum(member_count), 0) as member_count,
            coalesce(sum(total_lifetime_value_amount), 0) as lifetime_value_amount,
            coalesce(sum(member_share), 1) as member_share
        from {{ ref('dim_archetype_' ~ level) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    members.archetype_level,
    members.member_count,
    customers.customer_count
from members
cross join customers
where
    members.member_count != customers.customer_count
    or members.lifetime_value_amount != customers.lifetime_value_amount
    or abs(members.member_share - 1) > 1e-9
