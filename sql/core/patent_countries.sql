-- One row per patent and partner country it was found for.
-- @column publication_number | patent
-- @column country | partner country
-- @column inventors | inventors of that country
-- @column weight_full | 1: the patent counts once for each of its countries
-- @column weight_fractional | inventors / inventors of all its partner countries (counting partners_only); sums to 1
--   over a patent
-- @column is_first | whether the first-listed partner inventor is of that country
-- @column is_first_inventor | whether the inventor with the lowest sequence, whatever the country, is of that country
-- @unit inventors | inventors
-- @unit fraction | weight_fractional
-- @unique publication_number, country
with members as (
    select
        patents.publication_number,
        hits.country,
        patents.partner_inventors,
        patents.first_inventor
    from core.patents as patents
    inner join raw.uspto_hits as hits using (publication_number)
),

inventors as (
    select
        publication_number,
        country,
        count(*) as inventors,
        min(sequence) as first_sequence
    from staging.inventors
    group by publication_number, country
)

select
    members.publication_number,
    members.country,
    coalesce(inventors.inventors, 0) as inventors,
    1 as weight_full,
    coalesce(inventors.inventors, 0) / members.partner_inventors as weight_fractional,
    row_number() over first_listed = 1 as is_first,
    row_number() over first_listed = 1 and members.first_inventor = 'partner' as is_first_inventor
from members
left join inventors using (publication_number, country)
window
    first_listed as (
        partition by members.publication_number order by inventors.first_sequence nulls last, members.country
    )
order by members.publication_number, members.country
