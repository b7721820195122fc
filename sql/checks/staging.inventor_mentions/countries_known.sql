-- A row is an inventor whose country is not printed or is no code we know.
-- @severity warn
select
    mentions.publication_number,
    mentions.sequence,
    mentions.country_raw,
    mentions.country
from staging.inventor_mentions as mentions
left join reference.countries as countries on mentions.country = countries.iso2
where countries.iso2 is null
order by mentions.publication_number, mentions.sequence
