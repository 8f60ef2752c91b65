{#
    HMAC-SHA-256 (RFC 2104) with PRIVACY_SALT of a text that identifies a person, as 64 hex digits.
    The salt is hex, so that the two padded keys can be made here, one hex digit at a time: an inner
    digit is xor-ed with 0x36, an outer one with 0x5c.
#}
{% macro person_key(text) -%}
    {%- set salt = env_var('PRIVACY_SALT', '0' * 64) -%}
    {%- set xor = {
        '3': '32107654ba98fedc',
        '6': '67452301efcdab89',
        '5': '54761032dcfe98ba',
        'c': 'cdef89ab45670123',
    } -%}
    {%- set inner = [] -%}
    {%- set outer = [] -%}
    {%- for position in range(128) -%}
        {%- set digit = (salt[position] if position < salt | length else '0') | int(base=16) -%}
        {%- do inner.append(xor['3' if position % 2 == 0 else '6'][digit]) -%}
        {%- do outer.append(xor['5' if position % 2 == 0 else 'c'][digit]) -%}
    {%- endfor -%}
    {{ hmac_sha256(text, inner | join, outer | join) }}
{%- endmacro %}
