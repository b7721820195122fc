-- A row is a counted kind with fewer publications read than publications among the hits.
-- @severity error
with hits as (
    select
        kind,
        count(distinct publication_number) as publications
    from raw.uspto_hits
    group by kind
)

select
    hits.kind,
    hits.publications as hits,
    coalesce(read.publications, 0) as publications_read
from hits
left join core.kinds_read as read using (kind)
where hits.publications > coalesce(read.publications, 0)
order by hits.kind
