-- A row is an application that counts for the focal country already.
-- @severity error
select
    publications.publication_number,
    publications.application
from core.hong_kong_publications as publications
inner join core.focal_publications as focal using (application)
order by publications.publication_number
