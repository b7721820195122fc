-- One row per patent and partner country it was found for.
-- @column publication_number | patent
-- @column country | partner country
-- @column inventors | inventors of that country
-- @column weight_full | 1: the patent counts once for each of its countries
-- @column weight_fractional | 1 / number of its partner countries; sums to 1 over a patent
-- @column is_first | whether the first-listed partner inventor is of that country
-- @unique publication_number, country
with members as (
    select
        patents.publication_number,
        hits.country,
        patents.partner_countries
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
    1.0::double / members.partner_countries as weight_fractional,
    row_number() over (
        partition by members.publication_number order by inventors.first_sequence nulls last, members.country
    ) = 1 as is_first
from members
left join inventors using (publication_number, country)
order by members.publication_number, members.country
