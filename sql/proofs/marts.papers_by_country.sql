-- A partner country of a scope: its papers.
-- @names country = country_name
-- @shows papers
with scope_items as (
    select
        papers.work_id,
        papers.publication_date,
        papers.title,
        papers.type,
        coalesce(papers.field, 'none') as field,
        members.country,
        members.year,
        partners.region,
        papers.source_file
    from core.cooperation_members as members
    inner join staging.papers as papers on members.item = papers.work_id
    left join reference.partners as partners on members.country = partners.iso2
    where members.instrument = 'papers' and members.scope = $scope
),

members as (
    select distinct on (work_id) *
    from scope_items
    where country = $country
    order by work_id
),

all_items as (
    select distinct on (work_id) *
    from scope_items
    order by work_id
),

partner as (
    select iso2, name, region
    from reference.partners
    where iso2 = $country
),

larger as (
    select country, papers
    from marts.papers_by_country
    where scope = $scope and papers > $papers
),


numbers as (
    select
        (select count(*) from members) as papers,
        (select count(*) from all_items) as scope_papers,
        (select any_value(name) from partner) as name,
        (select any_value(region) from partner) as region,
        (select count(*) from larger) as larger_members
)

select
    coalesce(name, $country) as country_name,
    region,
    papers,
    papers / scope_papers as share,
    larger_members + 1 as rank
from numbers
