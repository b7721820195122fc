-- A row is a partner country whose patents are more than the publications with both countries, or fewer although
-- every year of it has landed: then numerator and base would not be of the same publications. Publications whose
-- inventors of Hong Kong are all printed under the focal country are in the base, but no hits for Hong Kong: they are
-- left out here.
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

-- focal publications whose inventors of Hong Kong are all printed under the focal country
not_printed as (
    select
        'HK' as country,
        count(distinct focal.publication_number) as publications
    from core.focal_publications as focal
    where
        list_contains(focal.countries, 'HK')
        and not exists(
            select 1
            from lake.publications as printed, unnest(printed.inventors) as entry (inventor)
            where
                printed.publication_number = focal.publication_number
                and struct_extract(entry.inventor, 'country') = 'HK'
        )
),

both_printed as (
    select
        pairs.country,
        pairs.publications - coalesce(not_printed.publications, 0) as publications
    from pairs
    left join not_printed using (country)
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
    coalesce(both_printed.publications, 0) as publications_of_both
from marts.affinity as affinity
left join both_printed using (country)
left join landed using (country)
where
    affinity.patents > coalesce(both_printed.publications, 0)
    or (affinity.patents < both_printed.publications and landed.is_complete)
order by affinity.country
