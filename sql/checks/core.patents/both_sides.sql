-- A row is a patent without an inventor of the focal country, or without a partner country.
-- @severity error
select
    publication_number,
    inventors,
    focal_inventors,
    partner_countries
from core.patents
where focal_inventors < 1 or partner_countries < 1 or inventors <= focal_inventors
order by publication_number
