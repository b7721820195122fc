-- One row per publication and applicant or assignee, with the spellings of a company's name brought together, as
-- staging.applicant_names says for each name.
-- @column publication_number | publication
-- @column sequence | position among the applicants, from 1
-- @column name | as printed
-- @column harmonised_name | name by which variants are counted together
-- @column type | organization or person
-- @column role | assignee or applicant
-- @column city_raw | city as printed
-- @column country | ISO 3166 code
-- @unit rank, from 1 | sequence
-- @unique publication_number, sequence
-- @not_null harmonised_name
with entries as (
    select
        publication_number,
        unnest(applicants) as applicant
    from staging.publications
)

select
    entries.publication_number,
    entries.applicant.sequence as sequence,
    entries.applicant.name as name,
    names.harmonised_name,
    entries.applicant.kind as type,
    entries.applicant.role as role,
    entries.applicant.city_raw as city_raw,
    entries.applicant.country as country
from entries
inner join staging.applicant_names as names on entries.applicant.name = names.name
order by publication_number, sequence
