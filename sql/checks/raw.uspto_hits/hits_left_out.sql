-- A row is a hit in the lake that the study leaves out: its country is not searched, or it was published outside the
-- window.
-- @severity warn
select
    hits.country,
    hits.publication_number,
    hits.publication_date
from lake.hits as hits
anti join raw.uspto_hits as kept using (country, publication_number)
order by hits.publication_date, hits.publication_number
