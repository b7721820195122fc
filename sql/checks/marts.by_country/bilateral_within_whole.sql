-- A row is a country with more bilateral patents than patents, or whose count or share is outside its interval.
-- @severity error
select
    scope,
    country,
    patents,
    patents_bilateral,
    low,
    high,
    share,
    share_low,
    share_high
from marts.by_country
where
    patents_bilateral > patents
    or coalesce(patents not between low and high, true)
    or coalesce(share not between share_low and share_high, true)
order by scope, country
