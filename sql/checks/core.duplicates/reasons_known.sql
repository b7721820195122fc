-- A row is a removed hit whose reason is not one of the three, or does not fit its publication.
-- @severity error
select
    country,
    publication_number,
    kept_publication_number,
    reason
from core.duplicates
where
    reason not in ('same publication under several countries', 're-publication', 'correction')
    or (reason = 'same publication under several countries')
    != (publication_number = kept_publication_number)
order by publication_number, country
