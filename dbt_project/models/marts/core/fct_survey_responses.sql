with responses as (
    select * from {{ ref('int_survey_responses_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

attached as (
    {{ attached('responses', at='answered_at', day='response_date') }}
),

final as (
    select
        survey_response_key,
        store_key,
        customer_key,
        {{ store_entity_key('order_id') }} as order_key,
        source_name,
        account_id,
        survey_id,
        question_id,
        question_type,
        score,
        case
            when question_type != 'nps' or score is null then null
            when score >= 9 then 'promoter'
            when score >= 7 then 'passive'
            else 'detractor'
        end as nps_group,
        response_date,
        answered_at
    from attached
)

select * from final
