-- One row per publication and IPC symbol, a symbol printed twice counting once. Of a symbol printed in part (A01D) the
-- columns go as far as it does.
-- @column publication_number | publication
-- @column symbol | IPC symbol in the form H04L 29/06
-- @column sequence | position among the symbols as printed, from 1
-- @column position | first for the main classification, else later
-- @column section | section letter
-- @column class | class, e.g. H04
-- @column subclass | subclass, e.g. H04L
-- @column main_group | main group, e.g. H04L 29/00
-- @unit rank, from 1 | sequence
-- @unique publication_number, symbol
with printed as (
    select
        publications.publication_number,
        entry.item.symbol as symbol,
        entry.item.position as position,
        entry.sequence
    from
        staging.publications as publications,
        unnest(publications.ipc) with ordinality as entry (item, sequence)
),

parsed as (
    select
        *,
        regexp_extract(
            symbol,
            '^([A-H])(?:([0-9]{2})(?:([A-Z])(?: ([0-9]{1,4})(?:/[0-9]+)?)?)?)?$',
            ['section', 'class', 'subclass', 'main_group']
        ) as parts
    from printed
)

select
    publication_number,
    symbol,
    sequence::integer as sequence,
    position,
    nullif(parts.section, '') as section,
    case when parts.class != '' then parts.section || parts.class end as class,
    case when parts.subclass != '' then parts.section || parts.class || parts.subclass end as subclass,
    case
        when parts.main_group != ''
            then parts.section || parts.class || parts.subclass || ' ' || parts.main_group || '/00'
    end as main_group
from parsed
qualify row_number() over (partition by publication_number, symbol order by sequence) = 1
order by publication_number, sequence
