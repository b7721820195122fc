-- One row per patent, field scheme and technical field. Each patent has exactly one primary field in each scheme;
-- a patent without IPC symbols has the field none, a symbol unknown to a scheme the field unmapped.
-- @column publication_number | patent
-- @column scheme | paper (labels of the paper's Table 4), ipc_section, wipo35 or wipo5 (WIPO's
--   five sectors)
-- @column field_code | the paper's label, the section letter, the WIPO number, the sector; unmapped or none
-- @column field | name of the field
-- @column symbols | IPC symbols of the patent in the field
-- @column weight_full | 1: the patent counts once for each of its fields
-- @column fields | fields of the patent in the scheme
-- @column weight_fractional | 1 / fields; sums to 1 over a patent and scheme
-- @column is_first | whether the first-listed symbol is in the field
-- @column is_primary | whether the main classification (position first, else the first-listed symbol) is in it
-- @unit fraction | weight_fractional
-- @unique publication_number, scheme, field_code
with symbols as (
    select
        patents.publication_number,
        symbols.symbol,
        row_number() over (partition by patents.publication_number order by symbols.sequence) = 1 as is_first,
        row_number() over (
            partition by patents.publication_number
            order by coalesce(symbols.position = 'first', false) desc, symbols.sequence
        ) = 1 as is_primary
    from core.patents as patents
    inner join staging.ipc_symbols as symbols using (publication_number)
),

classified as (
    select
        symbols.publication_number,
        fields.scheme,
        fields.field_code,
        any_value(fields.field) as field,
        count(*) as symbols,
        bool_or(symbols.is_first) as is_first,
        bool_or(symbols.is_primary) as is_primary
    from symbols
    inner join staging.symbol_fields as fields using (symbol)
    group by symbols.publication_number, fields.scheme, fields.field_code
),

members as (
    select publication_number, scheme, field_code, field, symbols, is_first, is_primary
    from classified
    union all
    select publication_number, scheme, 'none', 'no IPC symbol', 0, true, true
    from core.patents
    cross join (select unnest(['paper', 'ipc_section', 'wipo35', 'wipo5']) as scheme) as schemes
    where publication_number not in (select publication_number from symbols)
)

select
    publication_number,
    scheme,
    field_code,
    field,
    symbols,
    1 as weight_full,
    count(*) over (partition by publication_number, scheme) as fields,
    1.0::double / count(*) over (partition by publication_number, scheme) as weight_fractional,
    is_first,
    is_primary
from members
order by publication_number, scheme, field_code
