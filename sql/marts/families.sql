-- One row per scope, dimension, scheme and member with patents: the same counted by family. Applications that rest on
-- one earliest application (core.patent_families) are one invention, so a continuation or a second national filing
-- adds nothing here. An earliest-priority family, neither DOCDB's nor INPADOC's.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | scope, year, country, region, province (national scope only), city, field or applicant
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | all for a scope, the year, else as in marts.counts; a field has every patent with a symbol in it
-- @column patents | patents of the member, whole counting
-- @column families | families with a patent of the member; by year a family counts once, in its first year
-- @column low | lower end of the 95 % interval of families, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * families degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * families + 2 degrees of freedom
-- @column share | families / families of the scope; by year they sum to 1; null in an empty scope
-- @column rank | 1 = most families in the dimension and scheme; ties share a rank; null for scope and year, and for
--   what could not be placed, classified or named
-- @unit patents | patents
-- @unit families | families, low, high
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, dimension, scheme, member
with counted as (
    select
        scope,
        dimension,
        scheme,
        member,
        patents,
        families,
        dimension not in ('scope', 'year')
        and member not in ('unresolved', 'ambiguous', 'unmapped', 'none', 'none stated')
        and not (dimension = 'city' and member like '% / not known') as is_ranked
    from core.family_counts
),

scopes as (
    select scope, families
    from core.family_counts
    where dimension = 'scope'
)

select
    counted.scope,
    counted.dimension,
    counted.scheme,
    counted.member,
    counted.patents,
    counted.families,
    limits.low,
    limits.high,
    counted.families / nullif(scopes.families, 0) as share,
    case
        when counted.is_ranked
            then rank() over (
                partition by counted.scope, counted.dimension, counted.scheme, counted.is_ranked
                order by counted.families desc
            )
    end as rank
from counted
inner join scopes using (scope)
left join core.poisson_limits as limits on counted.families = limits.patents
order by counted.scope, counted.dimension, counted.scheme, counted.is_ranked desc, rank, counted.member
