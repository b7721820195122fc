-- One row per claim of the paper: what it prints, what the data say now, and the verdict. The verdict is that of the
-- audit as long as every number found supports it, else differs; a study of another focal country, other partners or
-- grants does not ask the paper's question, so none of its numbers judges a claim.
-- @column claim_id | C01 ...
-- @column quote | words of the paper
-- @column location | section or table
-- @column published | what the paper prints
-- @column recomputed | the numbers found now; null where publications cannot tell, or the study asks another question
-- @column verdict | holds, holds in part, holds as printed, contradicted as printed, mislabelled, contradicted, not
--   derivable or missing (the audit's words), differs, or not judged
-- @column explanation | which numbers differ, if any, or why there are none; then what the audit found
-- @column basis | synthetic where the numbers found come from made-up records, records where from real ones; null where
--   there are none
-- @unique claim_id
-- @not_null verdict
with numbers as (
    select
        claim_id,
        string_agg(label || ' ' || shown, '; ' order by position) as recomputed,
        coalesce(bool_and(supports), true) as supports,
        string_agg(label || ' ' || shown, '; ' order by position) filter (not supports) as differing
    from marts.claim_values
    group by claim_id
)

select
    claims.claim_id,
    claims.quote,
    claims.location,
    claims.published,
    if(study.asks_the_papers_question, numbers.recomputed, null) as recomputed,
    case
        when not study.asks_the_papers_question then 'not judged'
        when coalesce(numbers.supports, true) then claims.verdict
        else 'differs'
    end as verdict,
    concat_ws(
        ' ',
        case
            when not study.asks_the_papers_question
                then printf(
                    'This study asks about %s of %s with %s, the paper about another question.',
                    study.documents,
                    study.focal_country,
                    study.partner_group
                )
        end,
        case when not numbers.supports then 'The data differ: ' || numbers.differing || '.' end,
        case
            when not numbers.supports and not summary.is_complete
                then printf(
                    'Only %d of %d searched countries and years have landed.',
                    summary.country_years_landed,
                    summary.country_years
                )
        end,
        claims.explanation
    ) as explanation,
    case
        when study.asks_the_papers_question and numbers.recomputed is not null
            then if(study.is_synthetic, 'synthetic', 'records')
    end as basis
from reference.paper_claims as claims
cross join marts.summary as summary
cross join reference.study as study
left join numbers using (claim_id)
order by claims.claim_id
