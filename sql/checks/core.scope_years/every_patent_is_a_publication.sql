-- A row is a patent whose application is not among the publications with an inventor of the focal country.
-- @severity error
select patents.publication_number
from core.patents as patents
anti join core.focal_publications as publications
    on coalesce(patents.application_number, patents.publication_number) = publications.application
order by patents.publication_number
