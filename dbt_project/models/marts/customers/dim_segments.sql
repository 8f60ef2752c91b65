with segments as (
    {{ segment_list() }}
),

memberships as (
    select * from {{ ref('fct_segment_memberships') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

counted as (
    select
        memberships.segment_key,
        count(case when memberships.is_member then 1 end) as member_count,
        count(
            case
                when memberships.is_entry_known and memberships.entry_date = as_of.as_of_date
                    then 1
            end
        ) as entered_count,
        count(case when memberships.exit_date = as_of.as_of_date then 1 end) as left_count
    from memberships
    cross join as_of
    group by memberships.segment_key
),

final as (
    select
        cast(segments.segment_key as varchar) as segment_key,
        cast(segments.segment_label as varchar) as segment_label,
        cast(segments.segment_description as varchar) as segment_description,
        cast(coalesce(counted.member_count, 0) as bigint) as member_count,
        cast(coalesce(counted.entered_count, 0) as bigint) as entered_count,
        cast(coalesce(counted.left_count, 0) as bigint) as left_count,
        as_of.as_of_date
    from segments
    cross join as_of
    left join counted on segments.segment_key = counted.segment_key
)

select * from final
