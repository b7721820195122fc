-- One row per patent and province of its focal inventors. Inventors whose address names no province, or several,
-- make their patent a member of unresolved or ambiguous, so that nothing vanishes.
-- @column publication_number | patent
-- @column province | ISO 3166-2 code, ambiguous or unresolved
-- @column inventors | focal inventors there
-- @column weight_full | 1: the patent counts once for each of its provinces
-- @column weight_fractional | share of its focal inventors who live there; sums to 1 over a patent
-- @column is_first | whether the first-listed focal inventor lives there
-- @column is_certain | whether an inventor lives there whose address can name no other province
-- @unique publication_number, province
with focal as (
    select
        patents.publication_number,
        inventors.province,
        inventors.sequence,
        patents.focal_inventors,
        coalesce(len(inventors.place_candidates), 0) <= 1 as is_certain
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
    bool_or(is_certain) as is_certain
from focal
group by publication_number, province
order by publication_number, province
