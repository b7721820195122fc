-- A member of a province against the nation: k patents of both, n of the province, k_nation of the nation with the
-- member, n_nation of the nation.
-- @take counted | core.member_years.counted
-- @names member = member_name
-- @default dimension = country
-- @shows patents
with memberships as (
    select counted.publication_number, counted.scope
    from counted
    where
        counted.dimension = $dimension
        and counted.scheme is not distinct from $scheme
        and counted.member = $member
),

own as (
    select publication_number
    from memberships
    where scope = $scope
),

national as (
    select memberships.publication_number
    from memberships
    inner join core.scopes as scopes on memberships.scope = scopes.scope and scopes.is_national
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

all_members as (
    select publication_number
    from core.patents
),

named as (
    select iso2 as member, name
    from reference.partners
    where $dimension = 'country' and iso2 = $member
    union all
    select field_code, min(field)
    from core.patent_fields
    where $dimension = 'field' and scheme = $scheme and field_code = $member
    group by field_code
),

limits as (
    select part, base, low, high
    from core.proportion_limits
    where part = (select count(*) from own) and base = (select count(*) from national)
),

exact_test as (
    select patents, scope_patents, member_patents, national_patents, p_value
    from core.fisher_tests
    where
        patents = (select count(*) from own)
        and scope_patents = (select count(*) from scope_members)
        and member_patents = (select count(*) from national)
        and national_patents = (select count(*) from core.patents)
),

beside as (
    select member, patents, national_patents, expected, rta, p_value, q_value
    from marts.specialisation
    where scope = $scope and dimension = $dimension and scheme is not distinct from $scheme
),

adjusted as (
    select
        member,
        p_value,
        row_number() over (order by p_value, member) as place,
        p_value * count(*) over () / row_number() over (order by p_value, member) as p_by_place
    from beside
),

numbers as (
    select
        (select count(*) from own) as k,
        (select count(*) from national) as k_nation,
        (select count(*) from scope_members) as n,
        (select count(*) from all_members) as n_nation,
        (select any_value(name) from named) as name,
        (select any_value(low) from limits) as l,
        (select any_value(high) from limits) as h,
        (select any_value(p_value) from exact_test) as p,
        (select min(p_by_place) from adjusted
        where place >= (select mine.place from adjusted as mine where mine.member = $member)) as least_p_by_place,
        (select count(*) from beside where rta > $rta and (q_value <= 0.05 or expected >= 5)) as larger_members,
        (select count(*) from beside where national_patents > $national_patents) as larger_national_members
)

select
    coalesce(name, $member) as member_name,
    k as patents,
    n * k_nation / n_nation as expected,
    k * n_nation / (n * k_nation) as rta,
    l * n_nation / n as low,
    h * n_nation / n as high,
    (k * n_nation / (n * k_nation) - 1) / (k * n_nation / (n * k_nation) + 1) as rta_symmetric,
    (k / n) / nullif((k_nation - k) / nullif(n_nation - n, 0), 0) as rta_outside,
    l / nullif(1 - l, 0) * (n_nation - n) / n as outside_low,
    h / nullif(1 - h, 0) * (n_nation - n) / n as outside_high,
    p as p_value,
    least(1, least_p_by_place) as q_value,
    n * k_nation / n_nation < 5 as is_small,
    if(least(1, least_p_by_place) <= 0.05 or n * k_nation / n_nation >= 5, larger_members + 1, null) as rank,
    k_nation as national_patents,
    larger_national_members + 1 as national_rank
from numbers
