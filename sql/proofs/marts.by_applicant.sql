-- An organisation of a scope: its patents, the names printed in them, and what each gives it in every counting.
-- @take parts | core.member_parts.parts
-- @names applicant = example_name
-- @shows patents
with members as (
    select
        publication_number,
        part.counting as counting,
        part.numerator as numerator,
        part.denominator as denominator,
        part.numerator / part.denominator as weight
    from parts
    where scope = $scope and dimension = 'applicant' and member = $applicant
),

printed as (
    select applicants.publication_number, applicants.name, applicants.country
    from core.patent_scopes as scopes
    inner join core.patent_applicants as applicants using (publication_number)
    where scopes.scope = $scope and applicants.applicant = $applicant
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

larger as (
    select applicant, patents
    from marts.by_applicant
    where scope = $scope and patents > $patents
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

numbers as (
    select
        (select sum(weight) from members where counting = 'whole') as patents,
        (select sum(weight) from members where counting = 'fractional') as fractional_patents,
        (select mode(name order by name) from printed) as most_frequent_name,
        (select mode(country order by country) from printed) as most_frequent_country,
        (select count(distinct name) from printed) as spellings,
        (select count(*) from scope_members) as scope_patents,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high
)

select
    patents,
    most_frequent_name as example_name,
    most_frequent_country as country,
    spellings,
    count_low as low,
    count_high as high,
    fractional_patents,
    patents / scope_patents as share,
    larger_members + 1 as rank
from numbers
