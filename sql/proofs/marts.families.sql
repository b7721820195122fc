-- A member of a scope counted by family: its patents, and the family of each.
-- @take parts | core.member_parts.parts
-- @default dimension = scope
-- @default member = all
-- @shows families
with members as (
    select
        patents.publication_number,
        patents.family_id,
        patents.priority_date,
        patents.counted_year
    from parts
    inner join core.patents as patents using (publication_number)
    where
        parts.scope = $scope
        and parts.dimension = $dimension
        and parts.scheme is not distinct from $scheme
        and parts.member = $member
        and parts.part.counting = 'whole'
    union all
    select
        patents.publication_number,
        patents.family_id,
        patents.priority_date,
        patents.counted_year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    where
        scopes.scope = $scope
        and ($dimension = 'scope' or ($dimension = 'year' and patents.counted_year::varchar = $member))
),

-- a family counts in its first year alone
counted_before as (
    select distinct patents.family_id
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    where scopes.scope = $scope and $dimension = 'year' and patents.counted_year::varchar < $member
),

first_seen as (
    select family_id, count(*) as patents
    from members
    anti join counted_before using (family_id)
    group by family_id
),

scope_families as (
    select patents.family_id, count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    where scopes.scope = $scope
    group by patents.family_id
),

larger as (
    select member, families
    from marts.families
    where
        scope = $scope
        and dimension = $dimension
        and scheme is not distinct from $scheme
        and rank is not null
        and families > $families
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $families
),

numbers as (
    select
        (select count(*) from members) as patents,
        (select count(*) from first_seen) as families,
        (select count(*) from scope_families) as families_of_scope,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high
)

select
    patents,
    families,
    count_low as low,
    count_high as high,
    families / nullif(families_of_scope, 0) as share,
    if(
        $dimension in ('scope', 'year')
        or $member in ('unresolved', 'ambiguous', 'unmapped', 'none', 'none stated')
        or ($dimension = 'city' and $member like '% / not known'),
        null,
        larger_members + 1
    ) as rank
from numbers
