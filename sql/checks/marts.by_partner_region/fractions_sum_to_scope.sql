-- A row is a scope whose partners' regions' fractions do not sum to its patents, or one of a region with more patents
-- than its country.
-- @severity error
with counted as (
    select
        scope,
        sum(fractional_patents) as fractional_patents,
        max(share_of_country) as largest_share
    from marts.by_partner_region
    group by scope
)

select
    scopes.scope,
    scopes.patents,
    counted.fractional_patents,
    counted.largest_share
from core.scopes as scopes
left join counted using (scope)
where
    scopes.patents > 0
    and (
        abs(coalesce(counted.fractional_patents, 0) - scopes.patents) > 1e-6 or counted.largest_share > 1
    )
order by scopes.scope
