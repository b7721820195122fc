-- One row per number that a claim of the paper rests on, beside the number found now.
-- @column claim_id | claim
-- @column position | order within the claim
-- @column label | short name
-- @column measure | measure of marts.measures
-- @column scope | scope of the measure
-- @column member | member of the measure
-- @column published | the number that supports the audit's verdict; null: shown, not judged
-- @column found | number found; null if the marts have none
-- @column shown | the number found as text, in the style of the paper
-- @column supports | whether the number found, at the published decimals, is the published one
-- @unit rank, from 1 | position
-- @unit that of the measure | published, found
-- @unique claim_id, position
select
    numbers.claim_id,
    numbers.position,
    numbers.label,
    numbers.measure,
    numbers.scope,
    numbers.member,
    numbers.published,
    measures.value as found,
    case
        when measures.value is null then 'none'
        when numbers.style = 'percent' then printf('%.2f%%', 100 * measures.value)
        when numbers.style = 'decimal' then format('{:.' || numbers.digits || 'f}', measures.value)
        else printf('%d', round(measures.value)::bigint)
    end as shown,
    case
        when numbers.published is not null
            then coalesce(
                abs(measures.value - numbers.published) <= 0.5 * pow(10, -numbers.digits) + 1e-9, false
            )
    end as supports
from reference.paper_claim_values as numbers
left join marts.measures as measures using (measure, scope, member)
order by numbers.claim_id, numbers.position
