-- One row per kind code among the publications read that have an inventor of the focal country and one of a searched
-- partner country, inside the window, whether or not the study counts the kind: what was filtered out by kind.
-- @column kind | kind code
-- @column is_counted | whether the study counts it
-- @column is_invention | whether it is an invention (a kind of A or B), not a plant or a design
-- @column publications | publications of the kind; one that is in several files counts once
-- @unit publications | publications
-- @unique kind
with searched as (
    select list(iso2) as codes
    from reference.partners
    where searched
),

both_sides as (
    select distinct
        publications.publication_number,
        publications.kind
    from lake.publications as publications
    cross join searched
    cross join reference.study as study
    where
        list_has_any(
            list_transform(publications.inventors, lambda inventor: struct_extract(inventor, 'country')), searched.codes
        )
        and publications.publication_date >= study.window_start
        and (study.window_end is null or publications.publication_date <= study.window_end)
)

select
    both_sides.kind,
    list_contains(study.kinds, both_sides.kind) as is_counted,
    both_sides.kind[1] in ('A', 'B') as is_invention,
    count(*) as publications
from both_sides
cross join reference.study as study
group by all
order by both_sides.kind
