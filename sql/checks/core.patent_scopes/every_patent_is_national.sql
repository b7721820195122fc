-- A row is a patent that the national scope does not hold.
-- @severity error
select patents.publication_number
from core.patents as patents
cross join reference.study as study
anti join core.patent_scopes as scopes
    on patents.publication_number = scopes.publication_number and study.focal_country = scopes.scope
order by patents.publication_number
