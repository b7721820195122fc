-- A row is a publication that would have been filed after it was published, or before 1900: the date is a slip of the
-- source. A study that counts by filing counts it in that year.
-- @severity warn
select
    publication_number,
    filing_date,
    publication_date
from staging.publications
where filing_date > publication_date or filing_date < date '1900-01-01'
order by publication_number
