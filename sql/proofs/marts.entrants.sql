-- The applicants of a scope in a year, with the year each came first.
-- @take entered | marts.entrants.entered
-- @shows entrants
with active as (
    select applicant, year, is_first
    from entered
    where scope = $scope and year = $year
),

numbers as (
    select
        (select count(*) from active where is_first) as entrants,
        (select count(*) from active) as applicants
)

select
    entrants,
    applicants
from numbers
