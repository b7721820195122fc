-- One row per removed hit: which hit it repeats and why. Hits minus these rows are the patents.
-- @column publication_number | publication of the removed hit
-- @column country | partner country of the removed hit
-- @column kept_publication_number | publication that represents the patent
-- @column kept_country | country of the hit that represents the patent
-- @column reason | same publication under several countries, re-publication (a later publication of the same
--   application) or correction (a later publication of kind A9)
-- @unique country, publication_number
-- @not_null reason
select
    publication_number,
    country,
    kept_publication_number,
    kept_country,
    reason
from core.hit_decisions
where not is_kept
order by publication_number, country
