-- A row is an IPC symbol that is not of the form H04L 29/06 and so belongs to no field.
-- @severity warn
select
    publication_number,
    symbol
from staging.ipc_symbols
where main_group is null
order by publication_number, symbol
