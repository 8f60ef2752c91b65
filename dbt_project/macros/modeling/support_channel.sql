{# A help desk's channel in the seam's words: what came by a network or a messenger is social. #}
{% macro support_channel(column) -%}
    case
        when lower({{ column }}) like 'instagram%' then 'social'
        when lower({{ column }}) like 'facebook%' then 'social'
        when lower({{ column }}) like 'twitter%' then 'social'
        when lower({{ column }}) in ('whatsapp', 'tiktok-shop', 'yotpo') then 'social'
        when lower({{ column }}) in ('aircall', 'voice', 'phone') then 'phone'
        when lower({{ column }}) in ('contact_form', 'help-center', 'email') then 'email'
        else lower({{ blank_to_null(column) }})
    end
{%- endmacro %}
