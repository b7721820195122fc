-- A row is an inventor of the focal country without a row of its own, not even as unresolved.
-- @severity error
select
    mentions.publication_number,
    mentions.sequence,
    mentions.city_raw
from staging.inventor_mentions as mentions
anti join staging.inventor_places as places using (publication_number, sequence)
where mentions.is_focal
order by mentions.publication_number, mentions.sequence
