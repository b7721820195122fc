-- A row is a hit whose publication date is outside its year partition or outside the study's window.
-- @severity error
select
    hits.country,
    hits.year,
    hits.publication_number,
    hits.publication_date
from raw.uspto_hits as hits
cross join reference.study as study
where
    year(hits.publication_date) != hits.year
    or hits.publication_date < study.window_start
    or hits.publication_date > study.window_end
order by hits.publication_number
