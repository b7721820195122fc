-- A row is a country whose patents are more than the publications of one of the sides, or whose strength is not
-- between 0 and 1.
-- @severity error
select
    country,
    patents,
    focal_publications,
    country_publications,
    salton,
    jaccard
from marts.affinity
where
    patents > focal_publications
    or patents > country_publications
    or salton not between 0 and 1
    or jaccard not between 0 and 1
order by country
