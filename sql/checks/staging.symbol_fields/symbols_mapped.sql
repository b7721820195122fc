-- A row is an IPC subclass that a scheme has no field for, with the number of its symbols.
-- @severity warn
select
    fields.scheme,
    symbols.subclass,
    count(*) as symbols,
    any_value(symbols.symbol) as example
from staging.symbol_fields as fields
inner join staging.ipc_symbols as symbols using (symbol)
where fields.field_code = 'unmapped'
group by fields.scheme, symbols.subclass
order by fields.scheme, symbols.subclass
