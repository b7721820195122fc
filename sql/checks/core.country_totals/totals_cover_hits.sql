-- A row is a country and year with more hits than publications with an inventor of that country.
-- @severity error
with hits as (
    select
        country,
        year,
        count(*) as hits
    from lake.hits
    group by country, year
)

select
    hits.country,
    hits.year,
    hits.hits,
    totals.publications
from hits
inner join core.country_totals as totals using (country, year)
where hits.hits > totals.publications
order by hits.year, hits.country
