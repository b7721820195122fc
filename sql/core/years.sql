-- One row per year that patents are counted in: every year of the window, and where patents count by the year of
-- filing, the years before it in which publications with a focal inventor were filed, without a gap. How much of a
-- year the data cover decides which rates are worked out.
-- @column year | year of publication, or of filing in a study that counts by it
-- @column from_date | first day of the year that the data cover; null if none is
-- @column to_date | last day of the year that the data cover; null if none is
-- @column exposure | days covered / days of the year. Covered are, by publication, the days from the window's start
--   (for publications of applications not before 2001-03-15, the first day they appeared) to the window's end or the
--   end of the last week landed whole, whichever is earlier; by filing, the days from the window's start (not before
--   2000-11-29, from when on applications are published) to 18 months before that end, since later filings are not
--   published yet. A year of the window of which no document was read is not covered; by filing nor are the two
--   years before it, some filings of which it published
-- @column is_whole | whether the exposure is 1
-- @column is_declared | whether the study declares the year for its growth rates
-- @column is_of_last_run | whether the year is one of the last run of whole years, those after the last gap
-- @column is_growth_year | whether the year enters the growth rates: those declared, else the last run of whole years
-- @unit calendar year | year
-- @unit fraction | exposure
-- @unique year
with last_file as (
    select
        max(try_strptime(right(regexp_extract(lower(source_file), 'p[ag]b?((20)?[0-9]{6})', 1), 6), '%y%m%d'))::date
            as published_on
    from lake.files
    where problem is null
),

last_publication as (
    select max(publication_date) as published_on
    from lake.publications
),

read_years as (
    select file_year as year
    from lake.files
    -- that a search finds nothing in a year is an answer
    where problem is null and (documents > 0 or source_file like 'application search %')
    union
    select year(publication_date)
    from lake.publications
),

-- no document was read of them, so that their zeros mean nothing
unread_years as (
    select years.year
    from reference.years as years
    anti join read_years using (year)
),

-- a week's publications appear on one day, the first of the seven it covers
covered as (
    select
        study.counting_date = 'filing' as is_by_filing,
        greatest(
            study.window_start,
            case
                when study.documents != 'publications' then study.window_start
                when study.counting_date = 'filing' then date '2000-11-29'
                else date '2001-03-15'
            end
        ) as from_date,
        least(
            coalesce(study.window_end, date '9999-12-31'),
            coalesce(last_file.published_on, last_publication.published_on, date '0001-01-01') + 6
        ) as last_date
    from reference.study as study
    cross join last_file
    cross join last_publication
),

bounds as (
    select
        is_by_filing,
        from_date,
        if(is_by_filing, (last_date - interval 18 month)::date, last_date) as to_date
    from covered
),

counted as (
    select unnest(generate_series(min(year), max(year))) as year
    from (
        select year from reference.years
        union all
        select counted_year from core.focal_publications
        union all
        select counted_year from core.patents
    ) as found
),

dated as (
    select
        counted.year,
        greatest(make_date(counted.year, 1, 1), bounds.from_date) as from_date,
        least(make_date(counted.year, 12, 31), bounds.to_date) as to_date,
        make_date(counted.year + 1, 1, 1) - make_date(counted.year, 1, 1) as days,
        study.growth_from is not null as is_growth_declared,
        coalesce(counted.year >= study.growth_from, false) as is_after_base,
        study.growth_to,
        exists(
            select 1
            from unread_years
            where unread_years.year between counted.year and counted.year + if(bounds.is_by_filing, 2, 0)
        ) as is_unread
    from counted
    cross join bounds
    cross join reference.study as study
),

exposed as (
    select
        dated.year,
        dated.from_date,
        dated.to_date,
        if(dated.is_unread, 0, greatest(dated.to_date - dated.from_date + 1, 0) / dated.days) as exposure,
        dated.is_growth_declared,
        dated.is_after_base,
        dated.growth_to
    from dated
),

last_whole as (
    select max(year) as year
    from exposed
    where exposure = 1
),

-- the year before the last run of whole ones
last_break as (
    select max(exposed.year) as year
    from exposed
    inner join last_whole on exposed.year < last_whole.year
    where exposed.exposure < 1
),

runs as (
    select
        exposed.year,
        exposed.exposure = 1 and exposed.year > coalesce(last_break.year, 0) as is_of_last_run
    from exposed
    cross join last_break
)

select
    exposed.year::integer as year,
    if(exposed.exposure > 0, exposed.from_date, null) as from_date,
    if(exposed.exposure > 0, exposed.to_date, null) as to_date,
    exposed.exposure,
    exposed.exposure = 1 as is_whole,
    exposed.is_after_base and coalesce(exposed.year <= exposed.growth_to, false) as is_declared,
    runs.is_of_last_run,
    if(
        exposed.is_growth_declared,
        exposed.is_after_base and coalesce(exposed.year <= coalesce(exposed.growth_to, last_whole.year), false),
        runs.is_of_last_run
    ) as is_growth_year
from exposed
inner join runs using (year)
cross join last_whole
order by year
