-- A row is a partner country whose patents are more than the publications with both countries, or fewer although
-- every year of it has landed: then numerator and base would not be of the same publications. Hong Kong's may be fewer:
-- who is printed under China and lives in Hong Kong is in the base, and gives no hit for Hong Kong.
-- @severity error
with pairs as (
    select
        entry.country,
        sum(sets.publications) as publications
    from core.distinct_sets as sets
    cross join reference.study as study, unnest(sets.countries) as entry (country)
    where list_contains(sets.countries, study.focal_country)
    group by entry.country
),

landed as (
    select
        country,
        bool_and(landed) as is_complete
    from lake.partitions
    group by country
)

select
    affinity.country,
    affinity.patents,
    coalesce(pairs.publications, 0) as publications_of_both
from marts.affinity as affinity
left join pairs using (country)
left join landed using (country)
where
    affinity.patents > coalesce(pairs.publications, 0)
    or (affinity.patents < pairs.publications and landed.is_complete and affinity.country != 'HK')
order by affinity.country
