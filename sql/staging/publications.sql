-- One row per publication among the hits, however many countries it was found for.
-- @column publication_number | US + number + kind code
-- @column kind | kind code
-- @column publication_date | date of publication
-- @column application_number | digits as filed, series code first
-- @column filing_date | date of filing
-- @column year | year of publication
-- @column title | title as plain text
-- @column inventors | list of inventors in the order printed
-- @column applicants | list of assignees and applicants
-- @column ipc | list of IPC symbols in the order printed
-- @column cpc | list of CPC symbols in the order printed
-- @column related | list of priority claims and related documents: relation, country, number, date
-- @unit calendar year | year
-- @unique publication_number
select
    publication_number,
    kind,
    publication_date,
    application_number,
    filing_date,
    year(publication_date)::integer as year,
    title,
    inventors,
    applicants,
    ipc,
    cpc,
    related
from raw.uspto_hits
qualify row_number() over (partition by publication_number order by country) = 1
order by publication_number
