-- A row is a patent that belongs to no partner country.
-- @severity error
select publication_number
from core.patents
anti join core.patent_countries using (publication_number)
order by publication_number
