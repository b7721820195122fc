-- A comparison group of a scope in a year: its applications.
-- @shows publications
with applications as (
    select
        publications.publication_number,
        publications.publication_date,
        publications.application,
        publications.countries,
        publications.comparison_group
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    where
        scopes.scope = $scope
        and publications.counted_year = $year
        and publications.comparison_group = $comparison_group
),

numbers as (
    select (select count(*) from applications) as publications
)

select publications
from numbers
