-- A year of a scope: its papers, and those up to it.
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
    where year <= $year
    order by work_id
),

numbers as (
    select
        (select count(*) from members where year = $year) as papers,
        (select count(*) from members) as papers_up_to_the_year
)

select
    papers,
    papers_up_to_the_year as cumulative
from numbers
