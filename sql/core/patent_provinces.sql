-- One row per patent and province of its focal inventors. Inventors whose address names no province, or several, make
-- their patent a member of unresolved or ambiguous, so that nothing vanishes.
-- @column publication_number | patent
-- @column province | ISO 3166-2 code, ambiguous or unresolved
-- @column inventors | focal inventors there
-- @column weight_full | 1: the patent counts once for each of its provinces
-- @column weight_fractional | share of its focal inventors who live there; sums to 1 over a patent
-- @column is_first | whether the first-listed focal inventor lives there
-- @column is_first_inventor | whether the inventor with the lowest sequence, whatever the country, lives there
-- @column is_certain | whether the address of every focal inventor of the patent was placed by itself, by another
--   method than fuzzy
-- @unit inventors | inventors
-- @unit fraction | weight_fractional
-- @unique publication_number, province
with focal as (
    select
        patents.publication_number,
        inventors.province,
        inventors.sequence,
        patents.focal_inventors,
        patents.first_inventor,
        bool_and(
            inventors.province not in ('unresolved', 'ambiguous')
            and inventors.place_method not in ('fuzzy', 'co-inventors', 'applicant', 'same inventor')
        ) over (partition by patents.publication_number) as is_certain
    from core.patents as patents
    inner join staging.inventors as inventors using (publication_number)
    where inventors.is_focal
)

select
    publication_number,
    province,
    count(*) as inventors,
    1 as weight_full,
    count(*)::double / any_value(focal_inventors) as weight_fractional,
    row_number() over (partition by publication_number order by min(sequence)) = 1 as is_first,
    row_number() over (partition by publication_number order by min(sequence)) = 1
    and any_value(first_inventor) = 'focal' as is_first_inventor,
    any_value(is_certain) as is_certain
from focal
group by publication_number, province
order by publication_number, province
