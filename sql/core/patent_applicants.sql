-- One row per patent and organisation that applied for it or was assigned it, the spellings of a name brought
-- together. A patent that names no organisation has no row.
-- @column publication_number | patent
-- @column applicant | harmonised name of the organisation
-- @column name | the spelling printed in this patent
-- @column country | country of the organisation, ISO 3166 code; null if not printed
-- @column weight_full | 1: the patent counts once for each of its organisations
-- @column applicants | organisations of the patent
-- @column weight_fractional | 1 / applicants; sums to 1 over a patent that names any
-- @column is_first | whether it is listed first
-- @unit applicants | applicants
-- @unit fraction | weight_fractional
-- @unique publication_number, applicant
with members as (
    select
        patents.publication_number,
        applicants.harmonised_name as applicant,
        arg_min(applicants.name, applicants.sequence) as name,
        arg_min(applicants.country, applicants.sequence) as country,
        min(applicants.sequence) as first_sequence
    from core.patents as patents
    inner join staging.applicants as applicants using (publication_number)
    where applicants.type = 'organization'
    group by patents.publication_number, applicants.harmonised_name
)

select
    publication_number,
    applicant,
    name,
    country,
    1 as weight_full,
    count(*) over (partition by publication_number) as applicants,
    1.0::double / count(*) over (partition by publication_number) as weight_fractional,
    row_number() over (partition by publication_number order by first_sequence) = 1 as is_first
from members
order by publication_number, first_sequence
