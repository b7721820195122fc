-- A row is a removed hit whose kept hit was itself removed or does not exist.
-- @severity error
select
    duplicates.country,
    duplicates.publication_number,
    duplicates.kept_country,
    duplicates.kept_publication_number
from core.duplicates as duplicates
left join core.hit_decisions as kept
    on
        duplicates.kept_country = kept.country
        and duplicates.kept_publication_number = kept.publication_number
where kept.is_kept is distinct from true
order by duplicates.publication_number, duplicates.country
