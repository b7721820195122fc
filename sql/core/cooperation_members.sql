-- One row per instrument of cooperation (patents, papers, alliances), item, scope and partner country: what the three
-- are counted from. Items are patents, papers and lines of the file of alliances that count.
-- @column instrument | patents, papers or alliances
-- @column item | publication number, OpenAlex's number of the work, or line of the file
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @column country | partner country, ISO 3166 code
-- @column year | year it counts in
-- @unique instrument, item, scope, country
with patents as (
    select
        'patents' as instrument,
        scopes.publication_number as item,
        scopes.scope,
        members.country,
        patents.counted_year as year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    inner join core.patent_countries as members using (publication_number)
),

paper_scopes as (
    select work_id, study.focal_country as scope
    from staging.paper_affiliations
    cross join reference.study as study
    where is_focal
    union
    select work_id, province as scope
    from staging.paper_affiliations
    where province not in ('unresolved', 'ambiguous')
),

paper_countries as (
    select distinct work_id, country
    from staging.paper_affiliations
    where is_partner
),

papers as (
    select
        'papers' as instrument,
        works.work_id as item,
        scopes.scope,
        members.country,
        works.year
    from staging.papers as works
    inner join paper_scopes as scopes using (work_id)
    inner join paper_countries as members using (work_id)
),

counted_alliances as (
    select line::varchar as item, province, country, year
    from staging.alliances
    where left_out is null
),

alliances as (
    select 'alliances' as instrument, item, study.focal_country as scope, country, year
    from counted_alliances
    cross join reference.study as study
    union
    select 'alliances' as instrument, item, province as scope, country, year
    from counted_alliances
    where province not in ('unresolved', 'ambiguous')
)

select instrument, item, scope, country, year from patents
union all
select instrument, item, scope, country, year from papers
union all
select instrument, item, scope, country, year from alliances
order by instrument, scope, item, country
