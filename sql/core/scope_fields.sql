-- One row per scope and label of the paper's Table 4 that its patents or its other applications have, by the main IPC
-- symbol; what has no label is in no row.
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @column field_code | label
-- @column patents | patents of the scope with it
-- @column publications | applications of the scope with it that are no patents, core.focal_publications
-- @unit patents | patents
-- @unit applications | publications
-- @unique scope, field_code
with patent_labels as (
    select
        scopes.scope,
        fields.publication_number,
        fields.field_code
    from core.patent_scopes as scopes
    inner join core.patent_fields as fields using (publication_number)
    where fields.scheme = 'paper' and fields.is_primary and fields.field_code not in ('unmapped', 'none')
),

other_labels as (
    select
        scopes.scope,
        publications.publication_number,
        classes.paper_label as field_code
    from core.focal_publication_scopes as members
    inner join core.scopes as scopes using (scope)
    inner join core.focal_publications as publications using (application)
    inner join reference.ipc_classes as classes on publications.main_class = classes.ipc_class
    where publications.comparison_group != 'partner'
),

labels as (
    select scope, field_code, true as is_patent from patent_labels
    union all
    select scope, field_code, false from other_labels
)

select
    scope,
    field_code,
    count(*) filter (is_patent) as patents,
    count(*) filter (not is_patent) as publications
from labels
group by scope, field_code
order by scope, field_code
