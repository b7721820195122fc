-- A row is a number the paper's claims rest on that the marts do not have, although everything has landed.
-- @severity warn
select
    numbers.claim_id,
    numbers.label,
    numbers.measure,
    numbers.scope,
    numbers.member
from marts.claim_values as numbers
cross join marts.summary as summary
cross join reference.study as study
where
    numbers.found is null
    and numbers.published is not null
    and summary.is_complete
    and study.declares_expected_values
order by numbers.claim_id, numbers.position
