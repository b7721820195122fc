-- One row per IPC symbol and field scheme: the field the symbol belongs to.
-- Schemes: paper (label of the paper's Table 4, by class), ipc_section, wipo35 (WIPO's concordance) and wipo5 (its five
-- sectors). A symbol that a scheme does not know gets the field unmapped. In the concordance no prefix is the beginning
-- of another, so a symbol meets at most one: its class (H10), its subclass, or its subclass and main group (A61K 8/).
-- @column symbol | IPC symbol
-- @column scheme | paper, ipc_section, wipo35 or wipo5
-- @column field_code | label, section letter, field number or sector; unmapped
-- @column field | name of the field
-- @unique symbol, scheme
with symbols as (
    select distinct
        symbol,
        class,
        subclass,
        main_group
    from staging.ipc_symbols
),

by_class as (
    select
        symbols.symbol,
        classes.paper_label,
        classes.section,
        classes.section_title
    from symbols
    inner join reference.ipc_classes as classes on symbols.class = classes.ipc_class
),

prefixes as (
    select
        symbol,
        unnest([class, subclass, replace(main_group, '/00', '/')]) as ipc_prefix
    from symbols
),

known as (
    select symbol, 'paper' as scheme, paper_label as field_code, paper_label as field from by_class
    union all
    select symbol, 'ipc_section', section, section_title from by_class
    union all
    select prefixes.symbol, 'wipo35', fields.field_number::varchar, fields.field
    from prefixes
    inner join reference.wipo_fields as fields using (ipc_prefix)
    union all
    select prefixes.symbol, 'wipo5', fields.sector as field_code, fields.sector as field
    from prefixes
    inner join reference.wipo_fields as fields using (ipc_prefix)
),

schemes as (
    select unnest(['paper', 'ipc_section', 'wipo35', 'wipo5']) as scheme
)

select
    symbols.symbol,
    schemes.scheme,
    coalesce(known.field_code, 'unmapped') as field_code,
    coalesce(known.field, 'not in the concordance') as field
from symbols
cross join schemes
left join known using (symbol, scheme)
order by symbols.symbol, schemes.scheme
