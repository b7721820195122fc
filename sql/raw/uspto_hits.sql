-- One row per partner country and publication: a publication in the study's window that has an inventor of the
-- focal country and an inventor of that partner country, as read from the source.
-- @column country | partner country the publication was found for, ISO 3166 code
-- @column year | year of publication, the partition the hit was landed in
-- @column publication_number | US + number + kind code
-- @column kind | kind code: A1, A2, A9 for publications, B1, B2 for grants
-- @column publication_date | date of publication
-- @column application_number | digits as filed, series code first; null if the source has none
-- @column filing_date | date of filing
-- @column title | title as plain text
-- @column inventors | list of inventors in the order printed; country is the one that counts
-- @column applicants | list of assignees and applicants
-- @column ipc | list of IPC symbols in the order printed
-- @column cpc | list of CPC symbols in the order printed; the source has none before 2015
-- @column related | list of priority claims and related documents: relation, country, number, date (see
--   bri_pipeline/publication/related.py for the relations)
-- @column notes | list of what could not be read (and is null), or was read otherwise than printed
-- @column source_file | file of the archive the record was read from
-- @column landed_at | when the partition was landed
-- @unit calendar year | year
-- @unique country, publication_number
-- @not_null country
-- @not_null publication_number
-- @not_null publication_date
select
    hits.country,
    hits.year::integer as year,
    hits.publication_number,
    hits.kind,
    hits.publication_date,
    hits.application_number,
    hits.filing_date,
    hits.title,
    hits.inventors,
    hits.applicants,
    hits.ipc,
    hits.cpc,
    hits.related,
    hits.notes,
    hits.source_file,
    hits.landed_at
from lake.hits as hits
inner join reference.partners as partners on hits.country = partners.iso2 and partners.searched
cross join reference.study as study
where
    hits.publication_date >= study.window_start
    and (study.window_end is null or hits.publication_date <= study.window_end)
order by hits.country, hits.publication_date, hits.publication_number
