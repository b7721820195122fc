-- A region of a partner country in a scope: its patents, and the inventors who live there.
-- @names country = country_name
-- @names partner_region = partner_region_name
-- @shows patents
with members as (
    select
        regions.publication_number,
        regions.inventors as numerator,
        patents.partner_inventors as denominator,
        regions.inventors / patents.partner_inventors as weight
    from core.patent_scopes as scopes
    inner join core.patent_partner_regions as regions using (publication_number)
    inner join core.patents as patents using (publication_number)
    where scopes.scope = $scope and regions.country = $country and regions.partner_region = $partner_region
),

country_members as (
    select countries.publication_number
    from core.patent_scopes as scopes
    inner join core.patent_countries as countries using (publication_number)
    where scopes.scope = $scope and countries.country = $country
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

partner as (
    select iso2, name
    from reference.partners
    where iso2 = $country
),

named as (
    select code, name
    from reference.provinces
    where code = $partner_region
),

larger as (
    select country, partner_region, patents
    from marts.by_partner_region
    where scope = $scope and rank is not null and patents > $patents
),

numbers as (
    select
        (select count(*) from members) as patents,
        (select sum(weight) from members) as parts_of_patents,
        (select count(*) from country_members) as country_patents,
        (select count(*) from scope_members) as scope_patents,
        (select any_value(name) from partner) as country,
        (select any_value(name) from named) as region,
        (select count(*) from larger) as larger_regions,
        (select count(*) from larger where country = $country) as larger_regions_of_the_country
)

select
    coalesce(country, $country) as country_name,
    coalesce(region, $partner_region) as partner_region_name,
    patents,
    parts_of_patents as fractional_patents,
    patents / scope_patents as share,
    patents / country_patents as share_of_country,
    if($partner_region in ('unresolved', 'ambiguous'), null, larger_regions + 1) as rank,
    if($partner_region in ('unresolved', 'ambiguous'), null, larger_regions_of_the_country + 1) as rank_in_country
from numbers
