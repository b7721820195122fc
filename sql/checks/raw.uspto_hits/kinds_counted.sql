-- A row is a hit of a kind of document the study does not count.
-- @severity error
select
    hits.country,
    hits.publication_number,
    hits.kind
from raw.uspto_hits as hits
cross join reference.study as study
where not list_contains(study.kinds, hits.kind) or hits.kind is null
order by hits.publication_number
