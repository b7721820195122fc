-- One row per value the study must reproduce, with the value found. Empty for a study that declares none.
-- @column invariant | invariant it belongs to, e.g. V1
-- @column measure | measure of marts.measures
-- @column scope | scope of the measure
-- @column member | member of the measure
-- @column expected | value expected, or the lower bound
-- @column upper | upper bound; null if the value is exact
-- @column digits | decimals compared
-- @column found | value found; null if the marts have none
-- @column matches | whether the value found is the expected one, or is between the bounds
-- @column applies | whether every searched country and year has landed; before, a difference proves nothing
-- @column source | where the value is printed
-- @unit that of the measure | expected, upper, found
-- @unit decimals | digits
-- @unique invariant, measure, scope, member
with compared as (
    select
        expected.id as invariant,
        expected.measure,
        expected.scope,
        expected.member,
        expected.value as expected,
        expected.upper,
        expected.digits,
        measures.value as found,
        0.5 * pow(10, -expected.digits) + 1e-9 as tolerance,
        summary.is_complete as applies,
        expected.source
    from reference.expected_values as expected
    cross join marts.summary as summary
    left join marts.measures as measures using (measure, scope, member)
)

select
    invariant,
    measure,
    scope,
    member,
    expected,
    upper,
    digits,
    found,
    coalesce(found between expected - tolerance and coalesce(upper, expected) + tolerance, false) as matches,
    applies,
    source
from compared
order by try_cast(invariant[2:] as integer), invariant, measure, scope, member
