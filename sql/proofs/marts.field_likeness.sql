-- The patents of a scope and its other applications with their fields, and the fields ranked by each.
-- @take ranked | marts.field_likeness.ranked
-- @shows rank_correlation
with labelled_patents as (
    select
        fields.publication_number,
        fields.field_code
    from core.patent_scopes as scopes
    inner join core.patent_fields as fields using (publication_number)
    where
        scopes.scope = $scope
        and fields.scheme = 'paper'
        and fields.is_primary
        and fields.field_code not in ('unmapped', 'none')
),

labelled_publications as (
    select
        publications.publication_number,
        publications.publication_date,
        classes.paper_label as field_code
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    inner join reference.ipc_classes as classes on publications.main_class = classes.ipc_class
    where scopes.scope = $scope and publications.comparison_group != 'partner'
),

compared_fields as (
    select field_code, patents, publications, patents_rank, publications_rank, is_of_patents_nine, is_of_others_nine
    from ranked
    where scope = $scope
),

numbers as (
    select
        (select count(*) from compared_fields) as fields,
        (select count(*) from labelled_patents) as patents,
        (select count(*) from labelled_publications) as publications,
        (select count(*) from compared_fields where is_of_patents_nine and is_of_others_nine) as shared,
        (select corr(patents_rank, publications_rank) from compared_fields) as correlation
)

select
    fields,
    patents,
    publications,
    shared as first_nine_shared,
    if(isfinite(correlation), correlation, null) as rank_correlation
from numbers
