-- Rules and windows are in segments/*.yml; what they become is written by `make segments`.
with memberships as (
    {{ segment_memberships() }}
),

final as (
    select
        {{ surrogate_key(['segment_key', 'customer_key', 'entry_date']) }}
            as segment_membership_key,
        cast(segment_key as varchar) as segment_key,
        customer_key,
        is_member,
        is_entry_known,
        entry_date,
        exit_date
    from memberships
)

select * from final
