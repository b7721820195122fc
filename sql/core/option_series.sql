-- One row per option that changes years, scope and year compared: its patents, empty years included.
-- @column choice | as in core.options
-- @column option | as in core.options
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year; under another date only the years that the data cover whole by it, under a later first year
--   those from it on
-- @column is_growth_year | whether the year enters the growth rates
-- @column patents | patents of the year
-- @unique choice, option, scope, year
with bounds as (
    select
        study.counting_date = 'filing' as is_by_filing,
        case
            when study.documents != 'publications' then study.window_start
            when study.counting_date = 'filing' then greatest(study.window_start, date '2001-03-15')
            else greatest(study.window_start, date '2000-11-29')
        end as from_date,
        -- filings are published 18 months later
        (covered.to_date + if(study.counting_date = 'filing', interval 18 month, -interval 18 month))::date as to_date,
        study.window_end,
        study.growth_from,
        study.growth_to,
        covered.first_year
    from reference.study as study
    cross join (
        select
            min(year(from_date)) as first_year,
            max(to_date) as to_date
        from core.years
    ) as covered
),

years as (
    select
        options.choice,
        options.option,
        years.year,
        if(
            options.choice = 'date',
            bounds.growth_from is null
            or years.year between bounds.growth_from and coalesce(bounds.growth_to, 9999),
            years.is_growth_year
        ) as is_growth_year
    from core.options as options
    cross join core.years as years
    cross join bounds
    where
        options.moves_years
        and options.choice != 'zero rule'
        and (options.choice != 'first year' or years.year >= try_cast(options.option as integer))
        and (
            options.choice != 'date'
            or (
                years.year >= bounds.first_year
                and make_date(years.year, 1, 1) >= bounds.from_date
                and make_date(years.year, 12, 31) <= least(bounds.to_date, coalesce(bounds.window_end, bounds.to_date))
            )
        )
),

counted as (
    select
        choice,
        option,
        scope,
        year,
        count(distinct unit) as patents
    from core.option_scopes
    group by choice, option, scope, year
)

select
    years.choice,
    years.option,
    scopes.scope,
    years.year,
    years.is_growth_year,
    coalesce(counted.patents, 0) as patents
from years
cross join core.scopes as scopes
left join counted using (choice, option, scope, year)
order by years.choice, years.option, scopes.scope, years.year
