-- A number a claim of the paper rests on: what was declared of it, and the measure it is looked up in.
-- @names position = label
-- @shows found
with declared as (
    select label, measure, scope, member, relation, published, digits, style
    from reference.paper_claim_values
    where claim_id = $claim_id and position = $position
),

measured as (
    select measures.measure, measures.scope, measures.member, measures.value
    from declared
    inner join marts.measures as measures using (measure, scope, member)
),

-- the next number of the claim, which this one is compared with where none is published
next_number as (
    select others.label, measures.value
    from reference.paper_claim_values as others
    inner join marts.measures as measures using (measure, scope, member)
    where others.claim_id = $claim_id and others.position = $position + 1
),

study as (
    select name, asks_the_papers_question
    from reference.study
),

numbers as (
    select
        (select any_value(label) from declared) as label,
        (select any_value(measure) from declared) as measure,
        (select any_value(scope) from declared) as scope,
        (select any_value(member) from declared) as member,
        (select any_value(relation) from declared) as relation,
        (select any_value(published) from declared) as published,
        (select any_value(value) from next_number) as next_value,
        (select any_value(asks_the_papers_question) from study) as is_judged,
        (select any_value(digits) from declared) as digits,
        (select any_value(style) from declared) as style,
        (select any_value(value) from measured) as value
)

select
    label,
    measure,
    scope,
    member,
    relation,
    published,
    value as found,
    case
        when value is null then 'none'
        when style = 'percent' then printf('%.2f%%', 100 * value)
        when style = 'decimal' then format('{:.' || digits || 'f}', value)
        else printf('%d', round(value)::bigint)
    end as shown,
    case
        when not is_judged or relation is null then null
        when relation = 'equal' then coalesce(abs(value - published) <= 0.5 * pow(10, -digits) + 1e-9, false)
        when relation = 'more' then coalesce(value > coalesce(published, next_value), false)
        else coalesce(value < coalesce(published, next_value), false)
    end as supports
from numbers
