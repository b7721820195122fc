-- One row per patent and prefecture-level city of its focal inventors. Inventors whose address names a province but
-- no city are counted under the city not known of that province.
-- @column publication_number | patent
-- @column province | ISO 3166-2 code of the city's province, ambiguous or unresolved
-- @column city | prefecture-level city, or not known
-- @column inventors | focal inventors there
-- @column is_first_inventor | whether the inventor with the lowest sequence, whatever the country, lives there
-- @unit inventors | inventors
-- @unique publication_number, province, city
with focal as (
    select
        patents.publication_number,
        inventors.province,
        coalesce(inventors.city, 'not known') as city,
        inventors.sequence,
        patents.first_inventor
    from core.patents as patents
    inner join staging.inventors as inventors using (publication_number)
    where inventors.is_focal
)

select
    publication_number,
    province,
    city,
    count(*) as inventors,
    row_number() over (partition by publication_number order by min(sequence)) = 1
    and any_value(first_inventor) = 'focal' as is_first_inventor
from focal
group by publication_number, province, city
order by publication_number, province, city
