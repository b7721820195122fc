-- A row is a national total that differs from the number of patents although it counts each patent once.
-- @severity error
with totals as (
    select
        measure,
        sum(value) as total
    from marts.measures
    cross join reference.study as study
    where
        scope = study.focal_country
        and (
            measure in ('by_country.fractional_patents', 'by_province.fractional_patents')
            or measure in ('by_region.fractional_patents', 'by_year.patents')
            or measure in ('by_field.paper.patents', 'by_field.ipc_section.patents')
            or measure in ('by_field.wipo35.patents', 'by_field.wipo5.patents')
        )
    group by measure
)

select
    totals.measure,
    totals.total,
    summary.patents
from totals
cross join marts.summary as summary
where abs(totals.total - summary.patents) > 1e-6
order by totals.measure
