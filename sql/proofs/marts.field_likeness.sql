-- The patents of a scope and its other applications with their fields, and the fields ranked by each.
-- @take patent_labels | core.scope_fields.patent_labels
-- @take other_labels | core.scope_fields.other_labels
-- @take ranked | marts.field_likeness.ranked
-- @shows rank_correlation
with labelled_patents as (
    select
        publication_number,
        field_code
    from patent_labels
    where scope = $scope
),

labelled_publications as (
    select
        labels.publication_number,
        publications.publication_date,
        labels.field_code
    from other_labels as labels
    inner join core.focal_publications as publications using (publication_number)
    where labels.scope = $scope
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
