-- One row per scope, dimension, base and year (null: all years): how concentrated the patents are on few members.
-- What could not be placed, classified or named (unresolved, ambiguous, not known, unmapped, none, none stated) is no
-- member. Members count whole, fields by the main classification; ties are ordered by count, then code.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | country, region, province (national scope only), city, field or applicant
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column base | memberships: shares of the sum of the members' counts, so that they sum to 1; patents: shares of the
--   patents of the scope, those without a member included, for the cr alone
-- @column year | year the patents count in; null for all
-- @column members | members with patents (K)
-- @column cr1 | patents of the largest member / base
-- @column cr3 | sum of the patents of the three largest members / base; with base patents it may exceed 1, as a patent
--   counts for each of its members
-- @column cr5 | the same of the five largest
-- @column hhi | Herfindahl-Hirschman index: sum of squared shares; null for base patents, as are the columns after it
-- @column hhi_normalised | (hhi - 1 / K) / (1 - 1 / K): 0 if all are equal; null for one member
-- @column effective_number | 1 / hhi: members of equal size that would give the same index
-- @column entropy | - sum of share * ln(share)
-- @column gini | sum of (2 * i - K - 1) * x / (K * sum of x), members ordered from the smallest, i = 1 to K
-- @unit calendar year | year
-- @unit members | members, effective_number
-- @unit fraction | cr1, cr3, cr5
-- @unit index from 0 to 1 | hhi, hhi_normalised, gini
-- @unit nats | entropy
-- @unique scope, dimension, scheme, base, year
with members as (
    select
        scope,
        dimension,
        scheme,
        year,
        member,
        sum(patents)::bigint as patents
    from core.member_years
    group by grouping sets ((scope, dimension, scheme, year, member), (scope, dimension, scheme, member))
),

ordered as (
    select
        scope,
        dimension,
        scheme,
        year,
        member,
        patents,
        row_number() over (partition by scope, dimension, scheme, year order by patents desc, member) as place,
        count(*) over (partition by scope, dimension, scheme, year) as members,
        sum(patents) over (partition by scope, dimension, scheme, year) as total
    from members
),

summed as (
    select
        scope,
        dimension,
        scheme,
        year,
        any_value(members) as members,
        any_value(total)::bigint as total,
        sum(patents) filter (place <= 1)::bigint as largest_1,
        sum(patents) filter (place <= 3)::bigint as largest_3,
        sum(patents) filter (place <= 5)::bigint as largest_5,
        sum(patents * patents)::bigint / (any_value(total)::double * any_value(total)) as hhi,
        -sum(patents / total * ln(patents / total) order by place) as entropy,
        -- places run from the largest, i from the smallest: i = members + 1 - place
        sum((members + 1 - 2 * place) * patents)::bigint / (any_value(members) * any_value(total)) as gini
    from ordered
    group by scope, dimension, scheme, year
),

scope_patents as (
    select scope, year, patents
    from core.scope_years
    union all
    select scope, null as year, patents
    from core.scopes
)

select
    scope,
    dimension,
    scheme,
    'memberships' as base,
    year,
    members,
    largest_1 / total as cr1,
    largest_3 / total as cr3,
    largest_5 / total as cr5,
    hhi,
    (hhi - 1 / members) / nullif(1 - 1 / members, 0) as hhi_normalised,
    1 / hhi as effective_number,
    entropy,
    gini
from summed
union all
select
    summed.scope,
    summed.dimension,
    summed.scheme,
    'patents' as base,
    summed.year,
    summed.members,
    summed.largest_1 / scope_patents.patents as cr1,
    summed.largest_3 / scope_patents.patents as cr3,
    summed.largest_5 / scope_patents.patents as cr5,
    null as hhi,
    null as hhi_normalised,
    null as effective_number,
    null as entropy,
    null as gini
from summed
inner join scope_patents
    on summed.scope = scope_patents.scope and summed.year is not distinct from scope_patents.year
order by scope, dimension, scheme, base, year nulls first
