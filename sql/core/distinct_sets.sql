-- One row per set of inventor countries: the distinct publications whose inventors come from these countries and no
-- other, of counted kinds, inside the window, under the study's rule for Hong Kong. It is the base of marts.affinity.
-- Publications with an inventor of the focal country, by the code printed, are landed: they count by application, as in
-- core.focal_publications, and where all of them are in Hong Kong and do not count, as publications of Hong Kong. All
-- others follow from core.country_sets; one that is in several files read counts once in each of them. A
-- file whose name has no date counts by year alone, with what it holds of a year the window cuts off.
-- @column countries | countries the inventors count for, in order; at least one
-- @column publications | publications with exactly these countries
-- @unique countries
with landed_codes as (
    select
        focal_country,
        if(focal_country = 'CN' and hong_kong_as_cn, ['CN', 'HK'], [focal_country]) as codes,
        kinds,
        window_start,
        window_end
    from reference.study
),

dated_sets as (
    select
        sets.countries,
        sets.documents,
        coalesce(
            try_strptime(
                right(regexp_extract(lower(sets.source_file), 'p[ag]b?((20)?[0-9]{6})', 1), 6), '%y%m%d'
            )::date,
            greatest(make_date(sets.year, 1, 1), codes.window_start)
        ) as published_on,
        codes.window_start,
        codes.window_end
    from core.country_sets as sets
    inner join reference.years as years using (year)
    cross join landed_codes as codes
    where list_contains(codes.kinds, sets.kind) and not list_has_any(sets.countries, codes.codes)
),

without_focal_code as (
    select
        countries,
        documents as publications
    from dated_sets
    where published_on >= window_start and (window_end is null or published_on <= window_end)
),

counted as (
    select
        countries,
        publications
    from without_focal_code
    union all
    select
        countries,
        1
    from core.focal_publications
    union all
    select
        list_sort(list_distinct(list_append(countries, 'HK'))),
        1
    from core.hong_kong_publications
)

select
    countries,
    sum(publications)::bigint as publications
from counted
where len(countries) > 0
group by countries
order by countries
