-- A row is a patent without a class of ownership, or a class without its patent.
-- @severity error
select
    coalesce(patents.publication_number, ownership.publication_number) as publication_number,
    ownership.ownership
from core.patents as patents
full outer join core.patent_ownership as ownership using (publication_number)
where patents.publication_number is null or ownership.publication_number is null
order by publication_number
