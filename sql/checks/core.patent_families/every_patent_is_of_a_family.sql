-- A row is a patent without a family, or one whose priority is later than its filing.
-- @severity error
select
    publications.publication_number,
    publications.filing_date,
    families.family_id,
    families.priority_date
from core.hit_decisions as decisions
inner join staging.publications as publications using (publication_number)
left join core.patent_families as families using (publication_number)
where
    decisions.is_kept
    and (families.family_id is null or families.priority_date > publications.filing_date)
order by publications.publication_number
