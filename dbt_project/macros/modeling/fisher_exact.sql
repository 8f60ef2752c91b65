{#
    CTEs up to `fisher_tested`: Fisher's exact test, two-sided, of each distinct 2×2 table in
    `tables`. Its columns are pair_count, first_count, second_count, basket_count (both; the first;
    the second; all) and p_value.

    With the margins fixed, each count of both is p(k) / p(k − 1) =
    (first − k + 1)(second − k + 1) / (k (all − first − second + k)) as likely as the one before. The
    logarithms of these ratios are summed along k, so that no factorial of a large number is ever
    made, and the likelihoods are divided by their sum. What is further from the expected count than
    the test could see (ten deviations, and as far again as the observed count) is left out. Counts
    as likely as the observed one count as such up to the ninth digit.
#}
{% macro fisher_exact(tables) -%}
fisher_tables as (
    select
        row_number() over (
            order by pair_count, first_count, second_count, basket_count
        ) as table_number,
        pair_count,
        cast(first_count as double precision) as first_count,
        cast(second_count as double precision) as second_count,
        cast(basket_count as double precision) as basket_count,
        {{ safe_divide('cast(first_count as double precision) * second_count', 'basket_count') }}
            as expected_count
    from (
        select distinct
            pair_count,
            first_count,
            second_count,
            basket_count
        from {{ tables }}
    ) as distinct_tables
),

fisher_reaches as (
    select
        fisher_tables.*,
        2 * abs(pair_count - expected_count) + 10 * sqrt(expected_count) + 40 as reach
    from fisher_tables
),

fisher_ranges as (
    select
        fisher_reaches.*,
        cast({{ greatest([
            'cast(0 as double precision)', 'first_count + second_count - basket_count',
            'floor(expected_count - reach)',
        ]) }} as bigint) as lowest,
        cast({{ least(['first_count', 'second_count', 'ceil(expected_count + reach)']) }} as bigint)
            as highest
    from fisher_reaches
),

fisher_hundreds as (
    select
        100 * (ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit)
            as hundred
    from {{ _digits() }} as ones
    cross join {{ _digits() }} as tens
    cross join {{ _digits() }} as hundreds
    cross join {{ _digits() }} as thousands
    where
        100 * (ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit)
        <= (select max(highest - lowest) from fisher_ranges)
),

fisher_steps as (
    select
        fisher_ranges.*,
        fisher_ranges.lowest + fisher_hundreds.hundred + 10 * tens.digit + ones.digit as k
    from fisher_ranges
    inner join fisher_hundreds
        on fisher_ranges.lowest + fisher_hundreds.hundred <= fisher_ranges.highest
    cross join {{ _digits() }} as tens
    cross join {{ _digits() }} as ones
    where
        fisher_ranges.lowest + fisher_hundreds.hundred + 10 * tens.digit + ones.digit
        <= fisher_ranges.highest
),

fisher_summed as (
    select
        table_number,
        pair_count,
        k,
        sum(
            case
                when k = lowest then 0
                else
                    ln({{ safe_divide(
                        '(first_count - k + 1) * (second_count - k + 1)',
                        'k * (basket_count - first_count - second_count + k)',
                    ) }})
            end
        ) over (
            partition by table_number order by k rows between unbounded preceding and current row
        ) as log_likelihood
    from fisher_steps
),

fisher_peaks as (
    select
        table_number,
        max(log_likelihood) as highest_log,
        max(case when k = pair_count then log_likelihood end) as observed_log
    from fisher_summed
    group by table_number
),

-- What is less likely than 1 in 10^304 is nothing: some engines refuse to make so small a number.
fisher_likelihoods as (
    select
        fisher_summed.table_number,
        fisher_summed.log_likelihood <= fisher_peaks.observed_log + 1e-9 as is_as_extreme,
        case
            when fisher_summed.log_likelihood - fisher_peaks.highest_log < -700
                then cast(0 as double precision)
            else exp(fisher_summed.log_likelihood - fisher_peaks.highest_log)
        end as likelihood
    from fisher_summed
    inner join fisher_peaks on fisher_summed.table_number = fisher_peaks.table_number
),

fisher_shares as (
    select
        table_number,
        {{ safe_divide(
            'sum(case when is_as_extreme then likelihood else 0 end)', 'sum(likelihood)'
        ) }} as p_value
    from fisher_likelihoods
    group by table_number
),

fisher_tested as (
    select
        fisher_tables.pair_count,
        fisher_tables.first_count,
        fisher_tables.second_count,
        fisher_tables.basket_count,
        fisher_shares.p_value
    from fisher_tables
    inner join fisher_shares on fisher_tables.table_number = fisher_shares.table_number
)
{%- endmacro %}
