-- A row is a claim whose numbers no longer support the verdict of the audit. Applies to a study that declares
-- expected values, once every searched country and year of its window has landed.
-- @severity warn
select
    claims.claim_id,
    claims.published,
    claims.recomputed,
    claims.explanation
from marts.paper_claims as claims
cross join marts.summary as summary
cross join reference.study as study
where claims.verdict = 'differs' and summary.is_complete and study.declares_expected_values
order by claims.claim_id
