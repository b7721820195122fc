-- One row per province, dimension and member of the nation: whether the province has more or less to do with that
-- partner country, or that field (by the main classification), than the nation has. N patents of the nation, n of the
-- province, K of the nation with the member, k of both. There are no rows for the national scope.
-- @column scope | province, state or region
-- @column dimension | country or field
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | country code or field code
-- @column member_name | its name
-- @column patents | k: patents of the province with the member, 0 included
-- @column expected | n * K / N: patents it would have at the share of the nation
-- @column rta | revealed advantage, k * N / (n * K): share of the member in the province / its share in the nation; 1
--   = as the nation
-- @column low | lower end of the 95 % interval of rta: l * N / n, l the Clopper-Pearson limit of k / K
-- @column high | its upper end, likewise
-- @column rta_symmetric | (rta - 1) / (rta + 1), between -1 and 1
-- @column rta_outside | (k / n) / ((K - k) / (N - n)): against the rest of the nation; null if the rest has none
-- @column outside_low | lower end of its 95 % interval: l / (1 - l) * (N - n) / n
-- @column outside_high | its upper end; null if infinite
-- @column p_value | Fisher's exact test (Fisher 1934) of the two-by-two table k, K - k, n - k, N - K - n + k:
--   two-sided, tables no likelier than the observed one
-- @column q_value | p_value * m / i, i its place among the m members of the dimension and scheme in the province, zeros
--   included, from the smallest p; the least over its place and the later ones, at most 1 (Benjamini and Hochberg 1995)
-- @column is_small | whether fewer than 5 are expected
-- @column rank | 1 = largest rta; ties share a rank; null unless q_value <= 0.05 or expected >= 5
-- @column national_patents | K: patents of the nation with the member
-- @column national_rank | rank of the member in the nation by K
-- @unit patents | patents, expected, national_patents
-- @unit ratio | rta, rta_outside, outside_low, outside_high, low, high
-- @unit probability | p_value, q_value
-- @unit rank, from 1 | rank, national_rank
-- @unit index from -1 to 1 | rta_symmetric
-- @unique scope, dimension, scheme, member
with names as (
    select 'country' as dimension, null as scheme, iso2 as member, min(name) as name
    from reference.partners
    group by iso2
    union all
    select 'field', scheme, field_code, min(field)
    from core.patent_fields
    group by scheme, field_code
),

compared as (
    select
        scope,
        dimension,
        scheme,
        member,
        patents as k,
        scope_patents as n,
        member_patents,
        national_patents,
        rank() over (partition by scope, dimension, scheme order by member_patents desc) as national_rank
    from core.member_margins
),

measured as (
    select
        compared.scope,
        compared.dimension,
        compared.scheme,
        compared.member,
        compared.k,
        compared.n * compared.member_patents / compared.national_patents as expected,
        compared.k * compared.national_patents / (compared.n * compared.member_patents) as rta,
        limits.low * compared.national_patents / compared.n as low,
        limits.high * compared.national_patents / compared.n as high,
        compared.k * (compared.national_patents - compared.n)
        / nullif(compared.n * (compared.member_patents - compared.k), 0) as rta_outside,
        limits.low / nullif(1 - limits.low, 0) * (compared.national_patents - compared.n) / compared.n as outside_low,
        limits.high / nullif(1 - limits.high, 0) * (compared.national_patents - compared.n) / compared.n
            as outside_high,
        tests.p_value,
        row_number() over by_p as place,
        count(*) over (partition by compared.scope, compared.dimension, compared.scheme) as members,
        compared.member_patents,
        compared.national_rank
    from compared
    left join core.proportion_limits as limits
        on compared.k = limits.part and compared.member_patents = limits.base
    left join core.fisher_tests as tests
        on
            compared.k = tests.patents
            and compared.n = tests.scope_patents
            and compared.member_patents = tests.member_patents
            and compared.national_patents = tests.national_patents
    window
        by_p as (
            partition by compared.scope, compared.dimension, compared.scheme
            order by tests.p_value, compared.member
        )
),

adjusted as (
    select
        scope,
        dimension,
        scheme,
        member,
        k,
        expected,
        rta,
        low,
        high,
        rta_outside,
        outside_low,
        outside_high,
        p_value,
        member_patents,
        national_rank,
        least(1, min(p_value * members / place) over (
            partition by scope, dimension, scheme
            order by place
            rows between current row and unbounded following
        )) as q_value
    from measured
),

ranked as (
    select
        scope,
        dimension,
        scheme,
        member,
        k,
        expected,
        rta,
        low,
        high,
        rta_outside,
        outside_low,
        outside_high,
        p_value,
        member_patents,
        national_rank,
        q_value,
        q_value <= 0.05 or expected >= 5 as is_ranked
    from adjusted
)

select
    ranked.scope,
    ranked.dimension,
    ranked.scheme::varchar as scheme,
    ranked.member,
    coalesce(names.name, ranked.member) as member_name,
    ranked.k as patents,
    ranked.expected,
    ranked.rta,
    ranked.low,
    ranked.high,
    (ranked.rta - 1) / (ranked.rta + 1) as rta_symmetric,
    ranked.rta_outside,
    ranked.outside_low,
    ranked.outside_high,
    ranked.p_value,
    ranked.q_value,
    ranked.expected < 5 as is_small,
    case
        when ranked.is_ranked
            then rank() over (
                partition by ranked.scope, ranked.dimension, ranked.scheme, ranked.is_ranked
                order by ranked.rta desc
            )
    end as rank,
    ranked.member_patents as national_patents,
    ranked.national_rank
from ranked
left join names
    on
        ranked.dimension = names.dimension
        and ranked.scheme is not distinct from names.scheme
        and ranked.member = names.member
order by ranked.scope, ranked.dimension, ranked.scheme, ranked.k desc, ranked.member
