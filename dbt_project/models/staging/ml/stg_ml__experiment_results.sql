with source as (
    select * from {{ source('ml', 'experiment_results') }}
),

final as (
    select
        experiment_key,
        variant,
        control_variant,
        no_comparison_reason,
        visitor_count,
        converted_visitor_count,
        conversion_rate,
        net_per_visitor,
        conversion_difference,
        conversion_low,
        conversion_high,
        conversion_p_value,
        conversion_uplift,
        net_difference,
        net_low,
        net_high,
        net_p_value,
        net_uplift,
        split_p_value,
        is_control,
        is_conversion_significant,
        is_net_significant,
        is_split_suspicious,
        analysed_at
    from source
)

select * from final
