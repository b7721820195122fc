-- One row per application with an inventor of the focal country, partner or not, shown by its earliest publication of
-- a kind counted inside the window, a patent by the one that represents it: what the patents of a scope are compared
-- with, by partner and by owner.
-- @column publication_number | that publication; without an application number each is its own
-- @column application | application number; the publication's number where the source has none
-- @column publication_date | date of publication
-- @column filing_date | date of filing; null if the source has none
-- @column counted_year | year it counts in: of publication, or of filing in a study that counts by it
-- @column countries | distinct countries of its inventors, the focal one included, in order
-- @column provinces | distinct provinces named by the addresses of its focal inventors, each read by itself; in
--   order, addresses that name none or several left out
-- @column comparison_group | partner (the application is one of core.patents), else other foreign only (an inventor
--   counts for another country), else domestic only
-- @column has_distant_inventor | whether an inventor counts for a country other than the focal one, HK, MO and TW
-- @column main_class | class of its main IPC symbol (position first, else the first listed); null if none is printed
-- @column owner_known | whether an organisation applies or is assigned whose country is printed
-- @column has_owner_abroad | whether such an organisation is in another country
-- @column has_focal_owner | whether such an organisation is in the focal country
-- @unit calendar year | counted_year
-- @unique publication_number
-- @unique application
with landed as (
    select
        publications.publication_number,
        coalesce(publications.application_number, publications.publication_number) as application,
        publications.publication_date,
        publications.filing_date,
        publications.inventors,
        publications.applicants,
        publications.ipc,
        publications.source_file
    from lake.publications as publications
    cross join reference.study as study
    where
        list_contains(study.kinds, publications.kind)
        and publications.publication_date >= study.window_start
        and (study.window_end is null or publications.publication_date <= study.window_end)
),

in_several_files as (
    select publication_number
    from landed
    group by publication_number
    having count(*) > 1
),

-- only the few that repeat are put into order, as records are wide
distinct_files as (
    select
        landed.publication_number,
        landed.application,
        landed.publication_date,
        landed.filing_date,
        landed.inventors,
        landed.applicants,
        landed.ipc
    from landed
    anti join in_several_files using (publication_number)
    union all
    select
        landed.publication_number,
        landed.application,
        landed.publication_date,
        landed.filing_date,
        landed.inventors,
        landed.applicants,
        landed.ipc
    from landed
    semi join in_several_files using (publication_number)
    qualify row_number() over (partition by landed.publication_number order by landed.source_file desc) = 1
),

unnested as (
    select
        publication_number,
        unnest(inventors) as inventor
    from distinct_files
),

inventors as (
    select
        publication_number,
        inventor.country as country,
        inventor.city_raw as city_raw,
        inventor.region_raw as region_raw
    from unnested
),

placed as (
    select
        inventors.publication_number,
        places.province,
        coalesce(
            (
                inventors.country = study.focal_country
                and (study.hong_kong_as_cn or places.province is distinct from 'CN-HK')
            )
            or (inventors.country = 'HK' and study.focal_country = 'CN' and study.hong_kong_as_cn),
            false
        ) as is_focal,
        -- who is printed under the focal country and is none of its inventors lives in Hong Kong
        case
            when is_focal then study.focal_country
            when inventors.country = study.focal_country then 'HK'
            else inventors.country
        end as country
    from inventors
    cross join reference.study as study
    left join staging.place_resolution as places
        on
            inventors.city_raw is not distinct from places.city_raw
            and inventors.region_raw is not distinct from places.region_raw
),

involved as (
    select
        publication_number,
        list_sort(list(distinct country) filter (country is not null)) as countries,
        coalesce(list_sort(list(distinct province) filter (is_focal and province is not null)), []) as provinces
    from placed
    group by publication_number
    having bool_or(is_focal)
),

publications as (
    select
        records.publication_number,
        records.application,
        records.publication_date,
        records.filing_date,
        nullif(
            regexp_extract(
                coalesce(
                    struct_extract(
                        list_filter(records.ipc, lambda item: struct_extract(item, 'position') = 'first')[1], 'symbol'
                    ),
                    struct_extract(records.ipc[1], 'symbol')
                ),
                '^[A-H][0-9]{2}'
            ),
            ''
        ) as main_class,
        involved.countries,
        involved.provinces,
        -- persons who apply for themselves are never owners
        list_filter(
            list_transform(
                list_filter(
                    records.applicants, lambda applicant: struct_extract(applicant, 'kind') = 'organization'
                ),
                lambda applicant: struct_extract(applicant, 'country')
            ),
            lambda code: code is not null
        ) as owner_countries
    from involved
    inner join distinct_files as records using (publication_number)
),

patents as (
    select
        publication_number,
        coalesce(application_number, publication_number) as application
    from core.patents
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
    publications.provinces,
    case
        when patents.application is not null then 'partner'
        when publications.countries != [study.focal_country] then 'other foreign only'
        else 'domestic only'
    end as comparison_group,
    len(list_filter(
        publications.countries, lambda code: code not in (study.focal_country, 'HK', 'MO', 'TW')
    )) > 0 as has_distant_inventor,
    publications.main_class,
    coalesce(len(publications.owner_countries) > 0, false) as owner_known,
    coalesce(len(list_filter(publications.owner_countries, lambda code: code != study.focal_country)) > 0, false)
        as has_owner_abroad,
    coalesce(list_contains(publications.owner_countries, study.focal_country), false) as has_focal_owner
from publications
cross join reference.study as study
left join patents on publications.application = patents.application
qualify
    row_number() over (
        partition by publications.application
        order by
            patents.publication_number is not distinct from publications.publication_number desc,
            publications.publication_date,
            publications.publication_number
    ) = 1
order by publications.publication_number
