-- One row per number that a claim of the paper rests on, beside the number found now.
-- @column claim_id | claim
-- @column position | order within the claim
-- @column label | short name
-- @column measure | measure of marts.measures
-- @column scope | scope of the measure
-- @column member | member of the measure
-- @column relation | how the number found must relate to the published one, or where none is to the next number of
--   the claim, to support the audit's verdict: equal (at the published decimals), more or less; null: shown, not judged
-- @column published | the number it is compared with
-- @column found | number found; null if the marts have none
-- @column shown | the number found as text, in the style of the paper
-- @column supports | whether the number found relates so; false where a number is missing, null where it is not judged
--   or the study does not ask the paper's question
-- @unit rank, from 1 | position
-- @unit that of the measure | published, found
-- @unique claim_id, position
with looked_up as (
    select
        numbers.claim_id,
        numbers.position,
        numbers.label,
        numbers.measure,
        numbers.scope,
        numbers.member,
        numbers.relation,
        numbers.published,
        numbers.digits,
        numbers.style,
        measures.value as found,
        coalesce(numbers.published, lead(measures.value) over in_claim) as compared_with
    from reference.paper_claim_values as numbers
    left join marts.measures as measures using (measure, scope, member)
    window in_claim as (partition by numbers.claim_id order by numbers.position)
)

select
    numbers.claim_id,
    numbers.position,
    numbers.label,
    numbers.measure,
    numbers.scope,
    numbers.member,
    numbers.relation,
    numbers.published,
    numbers.found,
    case
        when numbers.found is null then 'none'
        when numbers.style = 'percent' then printf('%.2f%%', 100 * numbers.found)
        when numbers.style = 'decimal' then format('{:.' || numbers.digits || 'f}', numbers.found)
        else printf('%d', round(numbers.found)::bigint)
    end as shown,
    case
        when not study.asks_the_papers_question or numbers.relation is null then null
        when numbers.relation = 'equal'
            then coalesce(abs(numbers.found - numbers.published) <= 0.5 * pow(10, -numbers.digits) + 1e-9, false)
        when numbers.relation = 'more' then coalesce(numbers.found > numbers.compared_with, false)
        else coalesce(numbers.found < numbers.compared_with, false)
    end as supports
from looked_up as numbers
cross join reference.study as study
order by numbers.claim_id, numbers.position
