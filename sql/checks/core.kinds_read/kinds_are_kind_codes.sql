-- A row is a kind that is no kind code, or one without a publication.
-- @severity error
select
    kind,
    publications
from core.kinds_read
where not regexp_full_match(kind, '[A-Z][0-9]?') or publications < 1
order by kind
