-- One row per scope and label of the paper's Table 4 that its patents or its other applications have, by the main IPC
-- symbol; what has no label is in no row.
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @column field_code | label
-- @column patents | patents of the scope with it
-- @column publications | applications of the scope with it that are no patents, core.focal_publications
-- @unit patents | patents
-- @unit applications | publications
-- @unique scope, field_code
with patents as (
    select
        scopes.scope,
        fields.field_code,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patent_fields as fields using (publication_number)
    where fields.scheme = 'paper' and fields.is_primary and fields.field_code not in ('unmapped', 'none')
    group by scopes.scope, fields.field_code
),

others as (
    select
        scopes.scope,
        classes.paper_label as field_code,
        count(*) as publications
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    inner join reference.ipc_classes as classes on publications.main_class = classes.ipc_class
    where publications.comparison_group != 'partner'
    group by scopes.scope, classes.paper_label
),

fields as (
    select scope, field_code from patents
    union
    select others.scope, others.field_code
    from others
    inner join core.scopes as scopes using (scope)
)

select
    fields.scope,
    fields.field_code,
    coalesce(patents.patents, 0) as patents,
    coalesce(others.publications, 0) as publications
from fields
left join patents using (scope, field_code)
left join others using (scope, field_code)
order by fields.scope, fields.field_code
