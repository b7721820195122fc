-- A row is an IPC symbol printed in part only (A01D): the fields that depend on the group cannot be known for it.
-- @severity warn
select
    publication_number,
    symbol
from staging.ipc_symbols
where main_group is null
order by publication_number, symbol
