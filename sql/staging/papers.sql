-- One row per paper: a work of OpenAlex with an institution of the focal country and one of a partner country.
-- @column work_id | OpenAlex's number of the work
-- @column title | title
-- @column publication_date | date of publication
-- @column year | its year
-- @column type | article, review, preprint ...
-- @column field | field of its primary topic, one of OpenAlex's 26; null if none
-- @column authors | authors listed
-- @column authors_truncated | whether OpenAlex left authors out, as it does beyond the hundredth in a search
-- @column source_file | month, or file of the snapshot; of a work in several the last counts
-- @unique work_id
select
    work_id,
    title,
    publication_date,
    year,
    type,
    field,
    authors,
    authors_truncated,
    source_file
from lake.papers
order by work_id
