-- One row per hit: whether it becomes a patent or repeats another hit, and which.
-- The publications of one application are one patent: the earliest stays (by date, then number), found for the
-- country that comes first in the alphabet. Without an application number a publication is a patent of its own.
-- @column publication_number | publication of the hit
-- @column country | partner country of the hit
-- @column kept_publication_number | publication that represents the patent
-- @column kept_country | country of the hit that represents the patent
-- @column is_kept | whether this is that hit
-- @column reason | why it was removed; null for a kept hit
-- @unique country, publication_number
-- @not_null kept_publication_number
with hits as (
    select
        country,
        publication_number,
        kind,
        publication_date,
        coalesce(application_number, publication_number) as application
    from raw.uspto_hits
),

decided as (
    select
        country,
        publication_number,
        kind,
        first_value(publication_number) over earliest as kept_publication_number,
        first_value(country) over earliest as kept_country
    from hits
    window earliest as (partition by application order by publication_date, publication_number, country)
)

select
    publication_number,
    country,
    kept_publication_number,
    kept_country,
    publication_number = kept_publication_number and country = kept_country as is_kept,
    case
        when publication_number != kept_publication_number and kind = 'A9' then 'correction'
        when publication_number != kept_publication_number then 're-publication'
        when country != kept_country then 'same publication under several countries'
    end as reason
from decided
order by publication_number, country
