-- A field of science in a scope: its papers.
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
    where field = $field
    order by work_id
),

all_items as (
    select distinct on (work_id) *
    from scope_items
    order by work_id
),

larger as (
    select field, papers
    from marts.papers_by_field
    where scope = $scope and rank is not null and papers > $papers
),


numbers as (
    select
        (select count(*) from members) as papers,
        (select count(*) from all_items) as scope_papers,
        (select count(*) from larger) as larger_members
)

select
    papers,
    papers / scope_papers as share,
    if($field = 'none', null, larger_members + 1) as rank
from numbers
