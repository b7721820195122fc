-- One row per number of the marts, in a long form: what the expected values, the paper's claims and comparisons
-- between studies are looked up in. Undefined numbers have no row.
-- @column measure | mart.column, with the scheme, method or dimension between where the mart has one; and over the
--   members of a dimension, largest first: members (how many), nth_patents, top_patents (sum of the first n),
--   top_share (that / patents of the scope), after_patents (sum of all others), with n as member
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column member | country, province, region, year, field, position of a stage, or n; all where there is one value
-- @column value | the number
-- @unit that of the measure | value
-- @unique measure, scope, member
-- @not_null value
with national as (
    select focal_country as scope
    from reference.study
),

placed as (
    select 'by_country' as dimension, scope, country as member, patents
    from marts.by_country
    union all
    select 'by_province', national.scope, by_province.province, by_province.patents
    from marts.by_province as by_province
    cross join national
    where by_province.rank is not null
    union all
    select 'by_field.' || scheme, scope, field_code, patents
    from marts.by_field
    where rank is not null and patents > 0
),

cumulated as (
    select
        placed.dimension,
        placed.scope,
        placed.member,
        row_number() over largest_first as n,
        placed.patents,
        sum(placed.patents) over largest_first as top_patents,
        sum(placed.patents) over (partition by placed.dimension, placed.scope) as all_patents,
        scopes.patents as scope_patents
    from placed
    inner join core.scopes as scopes using (scope)
    window largest_first as (
        partition by placed.dimension, placed.scope order by placed.patents desc, placed.member
        rows between unbounded preceding and current row
    )
),

measured as (
    select 'summary.countries_listed' as measure, scope, 'all' as member, countries_listed::double as value
    from marts.summary cross join national
    union all
    select 'summary.countries_searched', scope, 'all', countries_searched from marts.summary cross join national
    union all
    select 'summary.countries_with_patents', scope, 'all', countries_with_patents
    from marts.summary cross join national
    union all
    select 'summary.hits', scope, 'all', hits from marts.summary cross join national
    union all
    select 'summary.duplicates', scope, 'all', duplicates from marts.summary cross join national
    union all
    select 'summary.patents', scope, 'all', patents from marts.summary cross join national
    union all
    select 'summary.utility_share', scope, 'all', utility_share from marts.summary cross join national

    union all
    select 'scopes.patents', scope, 'all', patents from core.scopes
    union all
    select 'scopes.share', scopes.scope, 'all', scopes.patents / nullif(summary.patents, 0)
    from core.scopes as scopes cross join marts.summary as summary

    union all
    select 'by_country.patents', scope, country, patents from marts.by_country
    union all
    select 'by_country.fractional_patents', scope, country, fractional_patents from marts.by_country
    union all
    select 'by_country.share', scope, country, share from marts.by_country
    union all
    select 'by_country.rank', scope, country, rank from marts.by_country

    union all
    select 'by_province.patents', scope, province, patents from marts.by_province cross join national
    union all
    select 'by_province.fractional_patents', scope, province, fractional_patents
    from marts.by_province cross join national
    union all
    select 'by_province.share', scope, province, share from marts.by_province cross join national
    union all
    select 'by_province.rank', scope, province, rank from marts.by_province cross join national
    union all
    select 'by_province.patents_certain', scope, province, patents_certain from marts.by_province cross join national
    union all
    select 'by_province.patents_with_candidates', scope, province, patents_with_candidates
    from marts.by_province cross join national
    union all
    select 'by_province.patents_with_unplaced', scope, province, patents_with_unplaced
    from marts.by_province cross join national

    union all
    select 'by_region.countries', scope, region, countries from marts.by_region
    union all
    select 'by_region.patents', scope, region, patents from marts.by_region
    union all
    select 'by_region.fractional_patents', scope, region, fractional_patents from marts.by_region
    union all
    select 'by_region.share', scope, region, share from marts.by_region
    union all
    select 'by_region.rank', scope, region, rank from marts.by_region

    union all
    select 'by_year.patents', scope, year::varchar, patents from marts.by_year
    union all
    select 'by_year.growth_rate', scope, year::varchar, growth_rate from marts.by_year
    union all
    select 'by_year.cumulative', scope, year::varchar, cumulative from marts.by_year

    union all
    select 'by_field.' || scheme || '.patents', scope, field_code, patents from marts.by_field
    union all
    select 'by_field.' || scheme || '.fractional_patents', scope, field_code, fractional_patents from marts.by_field
    union all
    select 'by_field.' || scheme || '.share', scope, field_code, share from marts.by_field
    union all
    select 'by_field.' || scheme || '.rank', scope, field_code, rank from marts.by_field

    union all
    select dimension || '.members', scope, 'all', max(n) from cumulated group by dimension, scope
    union all
    select dimension || '.nth_patents', scope, n::varchar, patents from cumulated
    union all
    select dimension || '.top_patents', scope, n::varchar, top_patents from cumulated
    union all
    select dimension || '.top_share', scope, n::varchar, top_patents / scope_patents from cumulated
    union all
    select dimension || '.all_patents', scope, 'all', max(all_patents) from cumulated group by dimension, scope
    union all
    select dimension || '.after_patents', scope, n::varchar, all_patents - top_patents from cumulated

    union all
    select 'growth.cagr', scope, 'all', cagr from marts.growth where is_study_rule
    union all
    select 'growth.mean_yearly_rate', scope, 'all', mean_yearly_rate from marts.growth where is_study_rule
    union all
    select 'growth.rates_defined', scope, 'all', rates_defined from marts.growth where is_study_rule
    union all
    select 'growth.years_skipped', scope, 'all', years_skipped from marts.growth where is_study_rule
    union all
    select 'growth.log_linear_rate', scope, 'all', log_linear_rate from marts.growth where is_study_rule
    union all
    select 'growth.poisson_rate', scope, 'all', poisson_rate from marts.growth where is_study_rule
    union all
    select 'growth.own_offset_rate', scope, 'all', own_offset_rate from marts.growth where is_study_rule

    union all
    select 'by_city.patents', by_city.scope, by_city.province || ' ' || by_city.city, by_city.patents
    from marts.by_city as by_city inner join national using (scope)
    where by_city.rank is not null
    union all
    select 'field_countries.paper.top_five_fields', countries.scope, countries.country, sum(countries.patents)
    from marts.field_countries as countries
    inner join marts.by_field as fields using (scope, scheme, field_code)
    where scheme = 'paper' and fields.rank <= 5
    group by countries.scope, countries.country
    union all
    select 'field_memberships.' || fields.scheme, scopes.scope, 'all', count(*)
    from core.patent_scopes as scopes inner join core.patent_fields as fields using (publication_number)
    group by fields.scheme, scopes.scope

    union all
    select 'stages.' || method || '.from_year', scope, position::varchar, from_year from marts.stages
    union all
    select 'stages.' || method || '.to_year', scope, position::varchar, to_year from marts.stages
    union all
    select 'stages.' || method || '.patents', scope, position::varchar, patents from marts.stages
    union all
    select 'stages.' || method || '.mean_per_year', scope, position::varchar, mean_per_year from marts.stages
    union all
    select 'stages.' || method || '.ratio_to_first', scope, position::varchar, ratio_to_first from marts.stages
    union all
    select 'stages.' || method || '.total_patents', scope, 'all', sum(patents) from marts.stages group by scope, method

    union all
    select 'stage_models.' || method || '.bic', scope, stages, bic from marts.stage_models

    union all
    select 'concentration.' || concat_ws('_', dimension, scheme) || '.cr1', scope, 'all', cr1
    from marts.concentration
    where base = 'patents' and year is null
    union all
    select 'concentration.' || concat_ws('_', dimension, scheme) || '.cr3', scope, 'all', cr3
    from marts.concentration
    where base = 'patents' and year is null
    union all
    select 'concentration.' || concat_ws('_', dimension, scheme) || '.cr5', scope, 'all', cr5
    from marts.concentration
    where base = 'patents' and year is null
    union all
    select 'concentration.' || concat_ws('_', dimension, scheme) || '.hhi', scope, 'all', hhi
    from marts.concentration
    where base = 'memberships' and year is null
    union all
    select 'concentration.' || concat_ws('_', dimension, scheme) || '.effective_number', scope, 'all', effective_number
    from marts.concentration
    where base = 'memberships' and year is null

    union all
    select 'specialisation.rta', scope, member, rta from marts.specialisation where dimension = 'country'
    union all
    select 'specialisation.rta_symmetric', scope, member, rta_symmetric
    from marts.specialisation
    where dimension = 'country'
    union all
    select 'affinity.share_of_country', scope, country, share_of_country from marts.affinity cross join national
    union all
    select 'affinity.salton', scope, country, salton from marts.affinity cross join national
    union all
    select 'internationalisation.shii_partners', scope, 'all', shii_partners
    from marts.internationalisation where year is null
    union all
    select 'comparison.' || comparison_group, scope, 'all', sum(publications)
    from marts.comparison group by comparison_group, scope
    union all
    select 'comparison_ratios.ratio', scope, 'all', ratio from marts.comparison_ratios
    union all
    select 'homogeneity.pooled_chi_square', scope, 'all', pooled_chi_square from marts.homogeneity
    union all
    select 'homogeneity.pooled_p', scope, 'all', pooled_p from marts.homogeneity
    union all
    select 'homogeneity.p_monte_carlo', scope, 'all', p_monte_carlo from marts.homogeneity
    union all
    select 'likeness.rank_correlation_of_ten', scope, 'all', rank_correlation_of_ten from marts.likeness
    union all
    select 'likeness.countries_compared', scope, 'all', countries_compared from marts.likeness
    union all
    select 'likeness.rank_correlation', scope, 'all', rank_correlation from marts.likeness
    union all
    select 'field_likeness.rank_correlation', scope, 'all', rank_correlation from marts.field_likeness
    union all
    select 'field_likeness.first_nine_shared', scope, 'all', first_nine_shared from marts.field_likeness
    union all
    select 'field_likeness.publications', scope, 'all', publications from marts.field_likeness
)

select
    measure,
    scope,
    member,
    value
from measured
where value is not null
order by measure, scope, member
