-- A row is a term of a publication that is no patent, or that its title does not have.
-- @severity error
select
    terms.publication_number,
    terms.term,
    patents.title
from core.title_terms as terms
left join core.patents as patents using (publication_number)
where
    patents.publication_number is null
    or not contains(
        trim(regexp_replace(lower(strip_accents(patents.title)), '[^\p{L}\p{N}]+', ' ', 'g')), terms.term
    )
order by terms.publication_number, terms.term
