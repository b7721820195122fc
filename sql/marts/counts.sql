-- One row per scope, dimension, member and counting: the patents of a member, counted in every way side by side. One
-- patent gives a member: whole 1; fractional_inventors its inventors there / all inventors of the patent;
-- fractional_countries 1 / number of distinct inventor countries, focal and third ones included; partners_only
-- inventors of that partner / all inventors of partner countries; focal_only inventors of that province or city / all
-- focal inventors (in the scope of a province: those who live there); first_inventor 1 if the inventor with the
-- lowest sequence is there, whatever the country; for fields primary 1 for the field of the main classification; for
-- fields and applicants fractional 1 / number of its fields or applicants. Every counting but whole sums to the
-- patents of the scope, exactly (core.member_parts holds the whole numbers).
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | country, region, province (national scope only), city, field or applicant
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | country code, region, province code (unresolved and ambiguous are members), province / city, field
--   code or harmonised applicant (none stated is a member). What falls outside the members is other: for countries
--   and regions the inventors of the focal and of third countries, for provinces and cities inventors abroad (in the
--   scope of a province those in other provinces, too)
-- @column counting | whole, fractional_inventors, fractional_countries, partners_only, focal_only, first_inventor,
--   primary or fractional
-- @column patents | patents of the member in that counting; base: patents of the scope
-- @column low | lower end of the 95 % interval of a whole number of patents, exact Poisson (Garwood 1936): half the
--   chi-square quantile at 0.025 with 2 * patents degrees of freedom; null for countings that divide a patent. It
--   describes chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @unit patents | patents, low, high
-- @unique scope, dimension, scheme, member, counting
select
    counts.scope,
    counts.dimension,
    counts.scheme,
    counts.member,
    counts.counting,
    counts.patents,
    limits.low,
    limits.high
from core.member_counts as counts
left join core.poisson_limits as limits
    on counts.patents = limits.patents and counts.counting in ('whole', 'first_inventor', 'primary')
order by counts.scope, counts.dimension, counts.scheme, counts.member, counts.counting
