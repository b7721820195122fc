-- A row is a publication year in which fewer than 95 % of the focal country's inventors have a province; years with
-- fewer than 20 of them are left out.
-- @severity warn
with yearly as (
    select
        publications.year,
        count(*) as inventors,
        count(*) filter (places.province not in ('unresolved', 'ambiguous')) as with_province
    from staging.inventor_places as places
    inner join staging.publications as publications using (publication_number)
    group by publications.year
)

select
    year,
    inventors,
    with_province,
    with_province / inventors as rate
from yearly
where inventors >= 20 and with_province < 0.95 * inventors
order by year
