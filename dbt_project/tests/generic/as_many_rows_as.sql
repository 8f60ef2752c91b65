{#
    A join to a child that was not aggregated first would double rows, an inner one lose them.
    relation: the parent, a row of which is a row of the model.
#}
{% test as_many_rows_as(model, relation) %}
    with counts as (
        select
            (select count(*) from {{ model }}) as row_count,
            (select count(*) from {{ relation }}) as parent_row_count
    )

    select
        row_count,
        parent_row_count
    from counts
    where row_count != parent_row_count
{% endtest %}
