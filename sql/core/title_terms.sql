-- One row per patent and term of its title: words of three letters or more that say something, and pairs of such words
-- that are adjacent. Words of grammar and of every patent title (method, apparatus ...) are left out.
-- @column publication_number | patent
-- @column term | word or two words, lower case
-- @unique publication_number, term
with words as (
    select
        publication_number,
        unnest(words) as word,
        generate_subscripts(words, 1) as position
    from (
        select
            publication_number,
            list_filter(
                regexp_split_to_array(lower(strip_accents(title)), '[^\p{L}\p{N}]+'), lambda word: word != ''
            ) as words
        from core.patents
    ) as split
),

said as (
    select
        publication_number,
        word,
        position
    from words
    where
        len(word) >= 3
        and regexp_matches(word, '\p{L}')
        and word not in (
            'and', 'for', 'the', 'with', 'from', 'using', 'thereof', 'therefor', 'therewith', 'thereby', 'its', 'into',
            'having', 'same', 'method', 'methods', 'system', 'systems', 'apparatus', 'apparatuses', 'device', 'devices',
            'process', 'processes', 'use', 'uses', 'used', 'based', 'comprising', 'including', 'containing', 'improved',
            'novel', 'new', 'means', 'via', 'between', 'that', 'which', 'such', 'thereon', 'therein', 'one', 'two',
            'making', 'manufacturing', 'preparing', 'producing', 'providing', 'related', 'associated', 'wherein'
        )
),

terms as (
    select publication_number, word as term
    from said
    union
    select
        first_words.publication_number,
        first_words.word || ' ' || second_words.word as term
    from said as first_words
    inner join said as second_words
        on
            first_words.publication_number = second_words.publication_number
            and first_words.position + 1 = second_words.position
)

select
    publication_number,
    term
from terms
order by publication_number, term
