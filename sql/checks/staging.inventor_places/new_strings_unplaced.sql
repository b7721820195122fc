-- A row is a string first printed in the newest month of publications that could not be put into one province: what
-- the last refresh brought for review. Warns from five such strings on.
-- @severity warn
with printed as (
    select
        mentions.city_raw,
        mentions.region_raw,
        count(*) as inventors,
        min(publications.publication_date) as first_printed,
        bool_and(places.province in ('unresolved', 'ambiguous')) as is_unplaced
    from staging.inventor_mentions as mentions
    inner join staging.inventor_places as places using (publication_number, sequence)
    inner join staging.publications as publications using (publication_number)
    group by mentions.city_raw, mentions.region_raw
),

fresh as (
    select
        city_raw,
        region_raw,
        inventors,
        first_printed
    from printed
    where
        is_unplaced
        and first_printed > (select max(publication_date) from staging.publications) - interval 1 month
)

select
    city_raw,
    region_raw,
    inventors,
    first_printed
from fresh
where (select count(*) from fresh) >= 5
order by inventors desc, city_raw, region_raw
