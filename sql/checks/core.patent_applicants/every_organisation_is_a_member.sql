-- A row is a patent that names an organisation but belongs to none.
-- @severity error
select distinct patents.publication_number
from core.patents as patents
inner join staging.applicants as applicants
    on patents.publication_number = applicants.publication_number and applicants.type = 'organization'
anti join core.patent_applicants as members on patents.publication_number = members.publication_number
order by patents.publication_number
