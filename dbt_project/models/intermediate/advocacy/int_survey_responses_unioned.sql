{{ union_sources(
    'survey_responses',
    keys={'survey_response_key': ['response_id', 'question_id']},
    person_keys={'source_customer_key': ['customer_id']},
) }}
