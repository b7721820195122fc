-- Applications with partner countries against those with other foreign inventors only, before and from a year on.
-- @shows ratio
with declared as (
    select comparison_from
    from reference.study
),

applications as (
    select
        publications.publication_number,
        publications.publication_date,
        publications.counted_year as year,
        publications.application,
        publications.countries,
        publications.comparison_group,
        publications.counted_year >= declared.comparison_from as is_after
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    inner join core.years as years on publications.counted_year = years.year and years.is_growth_year
    cross join declared
    where scopes.scope = $scope
),

numbers as (
    select
        (select any_value(comparison_from) from declared) as from_year,
        (select count(*) from applications where comparison_group = 'partner' and not is_after) as a,
        (select count(*) from applications where comparison_group = 'partner' and is_after) as b,
        (select count(*) from applications where comparison_group = 'other foreign only' and not is_after) as c,
        (select count(*) from applications where comparison_group = 'other foreign only' and is_after) as d
)

select
    from_year,
    a as partner_before,
    b as partner_after,
    c as other_before,
    d as other_after,
    if(a * b * c * d > 0, (b / a) / (d / c), null) as ratio,
    if(a * b * c * d > 0, (b / a) / (d / c) * exp(-1.959964 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)), null) as low,
    if(a * b * c * d > 0, (b / a) / (d / c) * exp(1.959964 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)), null) as high
from numbers
