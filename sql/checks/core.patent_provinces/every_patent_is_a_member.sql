-- A row is a patent that belongs to no province, not even to unresolved.
-- @severity error
select publication_number
from core.patents
anti join core.patent_provinces using (publication_number)
order by publication_number
