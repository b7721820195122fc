-- A row is a hit without a decision, or a decision about a hit that does not exist.
-- @severity error
select
    hits.country,
    hits.publication_number,
    decisions.country as decided_country,
    decisions.publication_number as decided_publication
from raw.uspto_hits as hits
full join core.hit_decisions as decisions using (country, publication_number)
where hits.country is null or decisions.country is null
order by hits.publication_number, hits.country
