-- One row per scope and field of science with co-published papers: the field of a paper's primary topic.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column field | one of OpenAlex's 26 fields; none for papers without a topic
-- @column papers | papers of the field
-- @column share | papers / papers of the scope
-- @column rank | 1 = most; ties share a rank; null for none
-- @unit papers | papers
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, field
with counted as (
    select
        members.scope,
        coalesce(papers.field, 'none') as field,
        count(distinct members.item) as papers
    from core.cooperation_members as members
    inner join staging.papers as papers on members.item = papers.work_id
    where members.instrument = 'papers'
    group by members.scope, coalesce(papers.field, 'none')
)

select
    counted.scope,
    counted.field,
    counted.papers,
    counted.papers / scopes.items as share,
    case
        when counted.field != 'none'
            then rank() over (partition by counted.scope, counted.field = 'none' order by counted.papers desc)
    end as rank
from counted
inner join core.cooperation_scopes as scopes on counted.scope = scopes.scope and scopes.instrument = 'papers'
order by counted.scope, rank, counted.field
