-- How far the applications of a scope involve somebody abroad: every application, with the countries of its inventors
-- and owners.
-- @default year = None
-- @shows shii
with applications as (
    select
        publications.publication_number,
        publications.publication_date,
        publications.counted_year as year,
        publications.application,
        publications.countries,
        publications.comparison_group,
        publications.has_distant_inventor,
        publications.owner_known,
        publications.has_owner_abroad,
        publications.has_focal_owner
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    where scopes.scope = $scope and ($year is null or publications.counted_year = $year)
),

foreign_limits as (
    select part, base, low, high
    from core.proportion_limits
    where
        part = (select count(*) from applications where comparison_group != 'domestic only')
        and base = (select count(*) from applications)
),

partner_limits as (
    select part, base, low, high
    from core.proportion_limits
    where
        part = (select count(*) from applications where comparison_group = 'partner')
        and base = (select count(*) from applications)
),

distant_limits as (
    select part, base, low, high
    from core.proportion_limits
    where
        part = (select count(*) from applications where has_distant_inventor)
        and base = (select count(*) from applications)
),

numbers as (
    select
        (select count(*) from applications) as applications,
        (select count(*) from applications where comparison_group != 'domestic only') as foreign_inventor,
        (select count(*) from applications where comparison_group = 'partner') as partner_inventor,
        (select count(*) from applications where has_distant_inventor) as distant_inventor,
        (select count(*) from applications where owner_known) as with_known_owner,
        (select count(*) from applications where has_owner_abroad) as with_owner_abroad,
        (select count(*) from applications where has_focal_owner) as with_focal_owner,
        (select count(*) from applications where has_focal_owner and comparison_group != 'domestic only')
            as with_focal_owner_and_foreign_inventor,
        (select any_value(low) from foreign_limits) as foreign_low,
        (select any_value(high) from foreign_limits) as foreign_high,
        (select any_value(low) from partner_limits) as partner_low,
        (select any_value(high) from partner_limits) as partner_high,
        (select any_value(low) from distant_limits) as distant_low,
        (select any_value(high) from distant_limits) as distant_high
)

select
    applications as base,
    foreign_inventor / applications as shii,
    foreign_low as shii_low,
    foreign_high as shii_high,
    partner_inventor / applications as shii_partners,
    partner_low as shii_partners_low,
    partner_high as shii_partners_high,
    distant_inventor / applications as shii_without_hk_mo_tw,
    distant_low as shii_without_hk_mo_tw_low,
    distant_high as shii_without_hk_mo_tw_high,
    with_known_owner as owner_known,
    with_owner_abroad / nullif(with_known_owner, 0) as shia,
    null as shai,
    with_focal_owner_and_foreign_inventor / nullif(with_focal_owner, 0) as shai_lower,
    'publications without an inventor of the focal country are not landed' as reason
from numbers
