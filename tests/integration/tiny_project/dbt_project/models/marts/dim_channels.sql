select channel_id, label from {{ ref('channels') }}
