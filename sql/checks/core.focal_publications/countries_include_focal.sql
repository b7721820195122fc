-- A row is a publication without the focal country among its inventors' countries, or dated outside the window.
-- @severity error
select
    publications.publication_number,
    publications.publication_date,
    publications.countries
from core.focal_publications as publications
cross join reference.study as study
where
    not list_contains(publications.countries, study.focal_country)
    or publications.publication_date < study.window_start
    or publications.publication_date > study.window_end
order by publications.publication_number
