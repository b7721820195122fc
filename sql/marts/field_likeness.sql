-- One row per scope: whether its patents have the fields that its other applications have, those of the lake with an
-- inventor of the scope and none of a partner country. Fields are the labels of the paper's Table 4, by the main IPC
-- symbol; 1 = same order, 0 = unrelated, -1 = reversed.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column fields | labels that the patents or the other applications have
-- @column patents | patents with a label
-- @column publications | other applications with a label
-- @column first_nine_shared | of the nine first labels of the patents those among the nine first of the others; ties by
--   label
-- @column rank_correlation | Spearman's over fields: the correlation of the two ranks, ties sharing their mean rank;
--   null if there are fewer than two fields or no differences
-- @unit fields | fields, first_nine_shared
-- @unit patents | patents
-- @unit applications | publications
-- @unit correlation from -1 to 1 | rank_correlation
-- @unique scope
with ranked as (
    select
        scope,
        field_code,
        patents,
        publications,
        -- ties share their mean rank
        rank() over (partition by scope order by patents)
        + (count(*) over (partition by scope, patents) - 1) / 2 as patents_rank,
        rank() over (partition by scope order by publications)
        + (count(*) over (partition by scope, publications) - 1) / 2 as publications_rank,
        patents > 0
        and row_number() over (partition by scope order by patents desc, field_code) <= 9 as is_of_patents_nine,
        publications > 0
        and row_number() over (partition by scope order by publications desc, field_code) <= 9 as is_of_others_nine
    from core.scope_fields
),

compared as (
    select
        scope,
        count(*) as fields,
        sum(patents)::bigint as patents,
        sum(publications)::bigint as publications,
        count(*) filter (is_of_patents_nine and is_of_others_nine) as first_nine_shared,
        corr(patents_rank, publications_rank order by field_code) as correlation
    from ranked
    group by scope
)

select
    scope,
    fields,
    patents,
    publications,
    first_nine_shared,
    if(isfinite(correlation), correlation, null) as rank_correlation
from compared
order by scope
