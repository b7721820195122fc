-- A row is a month, or a file of OpenAlex's snapshot, with codes of institutions' countries that are unknown, and so
-- count for no country, or were read by a rule.
-- @severity warn
select
    source_file,
    odd_countries
from lake.paper_files
where odd_countries is not null
order by source_file
