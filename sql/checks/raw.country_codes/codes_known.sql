-- The one row names every country code of inventors of kept publications that is unknown, and so counts for no country,
-- or was read by a rule, each with its inventors: add unknown ones to data/reference/country_codes.csv, and see whether
-- the others were read rightly.
-- @severity warn
with codes as (
    select
        printed,
        country,
        rule,
        sum(inventors) as inventors
    from raw.country_codes
    group by printed, country, rule
)

select
    string_agg(printed || ' ' || inventors, ', ' order by inventors desc, printed)
    filter (where country is null) as no_country,
    string_agg(printed || ' as ' || country || ' ' || inventors, ', ' order by inventors desc, printed, country)
    filter (where country is not null) as read_by_rule
from codes
having count(*) > 0
