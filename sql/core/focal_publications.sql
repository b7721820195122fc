-- One row per application with an inventor of the focal country, partner or not, shown by its earliest publication of
-- a kind counted inside the window: what the patents of a scope are compared with.
-- @column publication_number | earliest publication of the application; without an application number each is its own
-- @column application | application number; the publication's number where the source has none
-- @column publication_date | date of publication
-- @column filing_date | date of filing; null if the source has none
-- @column counted_year | year it counts in: of publication, or of filing in a study that counts by it
-- @column countries | distinct countries of its inventors, the focal one included, in order
-- @column provinces | distinct provinces named by the addresses of its focal inventors, each read by itself; in
--   order, addresses that name none or several left out
-- @unique publication_number
-- @unique application
with distinct_files as (
    select
        publications.publication_number,
        coalesce(publications.application_number, publications.publication_number) as application,
        publications.publication_date,
        publications.filing_date,
        publications.inventors
    from lake.publications as publications
    cross join reference.study as study
    where
        list_contains(study.kinds, publications.kind)
        and publications.publication_date >= study.window_start
        and (study.window_end is null or publications.publication_date <= study.window_end)
    qualify
        row_number() over (partition by publications.publication_number order by publications.source_file desc) = 1
),

inventors as (
    select
        publications.publication_number,
        publications.application,
        publications.publication_date,
        publications.filing_date,
        entry.inventor.country as country,
        entry.inventor.city_raw as city_raw,
        entry.inventor.region_raw as region_raw
    from distinct_files as publications, unnest(publications.inventors) as entry (inventor)
),

placed as (
    select
        inventors.publication_number,
        inventors.application,
        inventors.publication_date,
        inventors.filing_date,
        places.province,
        coalesce(
            (
                inventors.country = study.focal_country
                and (study.hong_kong_as_cn or places.province is distinct from 'CN-HK')
            )
            or (inventors.country = 'HK' and study.focal_country = 'CN' and study.hong_kong_as_cn),
            false
        ) as is_focal,
        if(is_focal, study.focal_country, inventors.country) as country
    from inventors
    cross join reference.study as study
    left join staging.place_resolution as places
        on
            inventors.city_raw is not distinct from places.city_raw
            and inventors.region_raw is not distinct from places.region_raw
),

publications as (
    select
        publication_number,
        any_value(application) as application,
        any_value(publication_date) as publication_date,
        any_value(filing_date) as filing_date,
        list_sort(list(distinct country) filter (country is not null)) as countries,
        coalesce(list_sort(list(distinct province) filter (is_focal and province is not null)), []) as provinces
    from placed
    group by publication_number
    having bool_or(is_focal)
)

select
    publications.publication_number,
    publications.application,
    publications.publication_date,
    publications.filing_date,
    if(
        study.counting_date = 'filing',
        coalesce(year(publications.filing_date), year(publications.publication_date)),
        year(publications.publication_date)
    )::integer as counted_year,
    publications.countries,
    publications.provinces
from publications
cross join reference.study as study
qualify
    row_number() over (
        partition by publications.application
        order by publications.publication_date, publications.publication_number
    ) = 1
order by publications.publication_number
