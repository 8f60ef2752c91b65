{#
    Where the customers of one snapshot are at the next: each stands once on the side before and
    once on the side after, and whoever stands on one side only has come or gone.
#}
{% set levels = ['l1', 'l2', 'l3'] %}

with history as (
    select * from {{ ref('fct_customer_history') }}
),

days as (
    select
        snapshot_date,
        max(model_version) as model_version
    from history
    group by snapshot_date
),

snapshots as (
    select
        snapshot_date,
        lag(snapshot_date) over (order by snapshot_date) as previous_snapshot_date,
        model_version as to_model_version,
        lag(model_version) over (order by snapshot_date) as from_model_version
    from days
),

sides as (
    select
        history.customer_key,
        {%- for level in levels %}
            cast(null as varchar) as from_{{ level }}_id,
            history.archetype_{{ level }}_id as to_{{ level }}_id,
        {%- endfor %}
        snapshots.snapshot_date
    from history
    inner join snapshots on history.snapshot_date = snapshots.snapshot_date
    where snapshots.previous_snapshot_date is not null
    union all
    select
        history.customer_key,
        {%- for level in levels %}
            history.archetype_{{ level }}_id as from_{{ level }}_id,
            cast(null as varchar) as to_{{ level }}_id,
        {%- endfor %}
        snapshots.snapshot_date
    from history
    inner join snapshots on history.snapshot_date = snapshots.previous_snapshot_date
),

followed as (
    select
        {%- for level in levels %}
            max(from_{{ level }}_id) as from_{{ level }}_id,
            max(to_{{ level }}_id) as to_{{ level }}_id,
        {%- endfor %}
        snapshot_date
    from sides
    group by customer_key, snapshot_date
),

counted as (
    {%- for level in levels %}
        select
            '{{ level }}' as archetype_level,
            from_{{ level }}_id as from_archetype_id,
            to_{{ level }}_id as to_archetype_id,
            count(*) as customer_count,
            snapshot_date
        from followed
        group by from_{{ level }}_id, to_{{ level }}_id, snapshot_date
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

measured as (
    select
        counted.*,
        sum(counted.customer_count) over (
            partition by
                counted.archetype_level, counted.from_archetype_id, counted.snapshot_date
        ) as from_customer_count
    from counted
),

final as (
    select
        {{ surrogate_key([
            'measured.archetype_level',
            'measured.from_archetype_id',
            'measured.to_archetype_id',
            'measured.snapshot_date',
        ]) }} as archetype_transition_key,
        measured.archetype_level,
        measured.from_archetype_id,
        measured.to_archetype_id,
        snapshots.from_model_version,
        snapshots.to_model_version,
        cast(measured.customer_count as bigint) as customer_count,
        {{ safe_divide('measured.customer_count', 'measured.from_customer_count') }} as from_share,
        coalesce(measured.from_archetype_id = measured.to_archetype_id, false) as is_same_archetype,
        snapshots.from_model_version != snapshots.to_model_version as is_refit,
        snapshots.previous_snapshot_date,
        measured.snapshot_date
    from measured
    inner join snapshots on measured.snapshot_date = snapshots.snapshot_date
)

select * from final
