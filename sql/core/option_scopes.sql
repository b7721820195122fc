-- One row per option that changes patents or years, scope and patent: which patents a scope has under it, what counts
-- once, and in which year. Countings and zero rules change neither; the row none is the study as it is.
-- @column choice | as in core.options
-- @column option | as in core.options
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column publication_number | patent
-- @column unit | what counts once: the patent, or its family
-- @column year | year it counts in
-- @unique choice, option, scope, publication_number
with own as (
    select
        scopes.scope,
        patents.publication_number,
        patents.counted_year as year,
        if(
            study.counting_date = 'filing', patents.year, coalesce(patents.filing_year, patents.year)
        )::integer as other_year,
        patents.family_id,
        coalesce(provinces.is_certain, true) as is_certain
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    cross join reference.study as study
    left join core.patent_provinces as provinces
        on
            scopes.publication_number = provinces.publication_number
            and scopes.scope = provinces.province
            and scopes.scope != study.focal_country
),

candidates as (
    select
        scope,
        publication_number,
        year
    from own
    union
    select
        entry.province as scope,
        patents.publication_number,
        patents.counted_year as year
    from core.patents as patents
    inner join staging.inventors as inventors using (publication_number)
    cross join reference.study as study, unnest(inventors.place_candidates) as entry (province)
    where inventors.is_focal and entry.province != study.focal_country
),

as_china as (
    select
        scope,
        publication_number,
        year
    from own
    union
    select
        inventors.province as scope,
        patents.publication_number,
        patents.counted_year as year
    from core.patents as patents
    inner join staging.inventors as inventors using (publication_number)
    cross join reference.study as study
    where inventors.province = 'CN-HK' and inventors.country = study.focal_country
    union
    select
        unnest([study.focal_country, 'CN-HK']) as scope,
        publications.publication_number,
        publications.counted_year as year
    from core.hong_kong_publications as publications
    cross join reference.study as study
    where
        list_has_any(
            publications.countries,
            (select list(partners.iso2) from reference.partners as partners where partners.searched)
        )
),

-- patents with a focal inventor who does not live in Hong Kong
apart as (
    select distinct
        own.scope,
        own.publication_number,
        own.year
    from own
    inner join staging.inventors as inventors using (publication_number)
    where
        inventors.is_focal
        and inventors.country != 'HK'
        and inventors.province is distinct from 'CN-HK'
        and own.scope != 'CN-HK'
),

counted as (
    select 'none' as choice, 'baseline' as option, scope, publication_number, publication_number as unit, year
    from own
    union all
    select 'Hong Kong', 'as China', scope, publication_number, publication_number as unit, year
    from as_china
    union all
    select 'Hong Kong', 'apart', scope, publication_number, publication_number as unit, year
    from apart
    union all
    select 'unplaced', 'certain only', scope, publication_number, publication_number as unit, year
    from own
    where is_certain
    union all
    select 'unplaced', 'with candidates', scope, publication_number, publication_number as unit, year
    from candidates
    union all
    select 'first year', options.option, own.scope, own.publication_number, own.publication_number as unit, own.year
    from own
    inner join core.options as options on options.choice = 'first year' and own.year >= options.option::integer
    union all
    select 'date', options.option, own.scope, own.publication_number, own.publication_number as unit, own.other_year
    from own
    inner join core.options as options on options.choice = 'date'
    union all
    select
        'families',
        'one per family',
        scope,
        publication_number,
        family_id,
        min(year) over (partition by scope, family_id)
    from own
)

select
    counted.choice,
    counted.option,
    counted.scope,
    counted.publication_number,
    counted.unit,
    counted.year
from counted
semi join core.options as options using (choice, option)
order by counted.choice, counted.option, counted.scope, counted.publication_number
