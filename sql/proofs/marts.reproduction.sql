-- A value the study must reproduce: what was declared of it, and the measure it is looked up in.
-- @shows found
with declared as (
    select value, upper, digits, source
    from reference.expected_values
    where id = $invariant and measure = $measure and scope = $scope and member = $member
),

measured as (
    select measure, scope, member, value
    from marts.measures
    where measure = $measure and scope = $scope and member = $member
),

landed as (
    select country_years, country_years_landed, is_complete
    from marts.summary
),

numbers as (
    select
        (select any_value(value) from declared) as expected,
        (select any_value(upper) from declared) as upper_bound,
        (select any_value(digits) from declared) as digits,
        (select any_value(source) from declared) as source,
        (select any_value(value) from measured) as value,
        (select any_value(is_complete) from landed) as is_complete
)

select
    expected,
    upper_bound as upper,
    digits,
    value as found,
    coalesce(
        value between expected - 0.5 * pow(10, -digits) - 1e-9
        and coalesce(upper_bound, expected) + 0.5 * pow(10, -digits) + 1e-9,
        false
    ) as matches,
    is_complete as applies,
    source
from numbers
