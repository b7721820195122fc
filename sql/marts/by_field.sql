-- One row per scope, field scheme and technical field that is the primary field of a patent.
-- @column scope | code of the focal country or of a province
-- @column scheme | paper (labels of the paper's Table 4), ipc_section or wipo35
-- @column field_code | the paper's label, the section letter, the WIPO number; unmapped or none
-- @column field | name of the field
-- @column patents | patents whose main classification is in the field; sums to the scope's patents
-- @column fractional_patents | each patent shared equally among all its fields, primary or not
-- @column share | patents / patents of the scope
-- @column rank | 1 = most patents; ties share a rank; null for unmapped and none
-- @unique scope, scheme, field_code
with counted as (
    select
        scopes.scope,
        members.scheme,
        members.field_code,
        members.field_code in ('unmapped', 'none') as is_unclassified,
        any_value(members.field) as field,
        count(*) filter (members.is_primary) as patents,
        sum(members.weight_fractional) as fractional_patents
    from core.patent_scopes as scopes
    inner join core.patent_fields as members using (publication_number)
    group by scopes.scope, members.scheme, members.field_code
    having count(*) filter (members.is_primary) > 0
)

select
    counted.scope,
    counted.scheme,
    counted.field_code,
    counted.field,
    counted.patents,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    case
        when not counted.is_unclassified
            then rank() over (
                partition by counted.scope, counted.scheme, counted.is_unclassified order by counted.patents desc
            )
    end as rank
from counted
inner join core.scopes as scopes using (scope)
order by counted.scope, counted.scheme, counted.is_unclassified, rank, counted.field_code
