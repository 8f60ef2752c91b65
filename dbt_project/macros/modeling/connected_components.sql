{#
    CTEs that label every node with the lowest number of its connected component; the last is called
    component_labels (node_number, label).

    Each round takes the lowest label among a node's neighbours, and then the label of the node that
    this label names: the reach doubles, so that few rounds do for long chains. A data test holds
    that no edge joins two labels.

    nodes: CTE with node_number.
    edges: CTE with node_number and other_number, each edge in both directions.
    rounds: how many.
#}
{% macro connected_components(nodes, edges, rounds) %}
    component_labels_0 as (
        select
            node_number,
            node_number as label
        from {{ nodes }}
    ),
    {%- for round in range(1, rounds + 1) %}
    {%- set before = 'component_labels_' ~ (round - 1) %}

    component_neighbours_{{ round }} as (
        select
            {{ edges }}.node_number,
            min({{ before }}.label) as label
        from {{ edges }}
        inner join {{ before }} on {{ edges }}.other_number = {{ before }}.node_number
        group by {{ edges }}.node_number
    ),

    component_hooks_{{ round }} as (
        select
            {{ before }}.node_number,
            case
                when component_neighbours_{{ round }}.label < {{ before }}.label
                    then component_neighbours_{{ round }}.label
                else {{ before }}.label
            end as label
        from {{ before }}
        left join component_neighbours_{{ round }}
            on {{ before }}.node_number = component_neighbours_{{ round }}.node_number
    ),

    component_labels{{ '' if loop.last else '_' ~ round }} as (
        select
            component_hooks_{{ round }}.node_number,
            jumps.label
        from component_hooks_{{ round }}
        inner join component_hooks_{{ round }} as jumps
            on component_hooks_{{ round }}.label = jumps.node_number
    ){{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
