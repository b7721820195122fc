-- One row per scope, slice and term that is in five patents of the slice or more: which words mark a field or a
-- stage. Compared are the patents of the slice with the scope's other patents. A term that every patent of the scope
-- has marks nothing and is left out. Made-up titles of a synthetic study prove the arithmetic, nothing else.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column slice_kind | field (WIPO's 35, by the primary symbol) or stage (of the study)
-- @column slice | number of the field, or position of the stage
-- @column slice_name | its name
-- @column term | word or pair of words of titles
-- @column patents | y: patents of the slice whose title has the term
-- @column log_odds | ln(a / b) - ln(a' / b') with a = y + alpha, b = n - y + 10 - alpha, a' and b' likewise of the
--   scope's other patents, n the patents of the slice, alpha = 10 * Y / N the prior of the scope's Y of N patents with
--   the term (Monroe, Colaresi and Quinn 2008)
-- @column z | log_odds / sqrt(1 / a + 1 / b + 1 / a' + 1 / b')
-- @unit patents | patents
-- @unit nats | log_odds
-- @unit standard errors | z
-- @unique scope, slice_kind, slice, term
with slices as (
    select
        fields.publication_number,
        'field' as slice_kind,
        fields.field_code as slice,
        fields.field as slice_name
    from core.patent_fields as fields
    where fields.scheme = 'wipo35' and fields.is_primary and fields.field_code not in ('none', 'unmapped')
    union all
    select
        patents.publication_number,
        'stage' as slice_kind,
        stages.position::varchar as slice,
        stages.stage as slice_name
    from core.patents as patents
    inner join core.stage_periods as stages on patents.counted_year between stages.from_year and stages.to_year
),

scope_terms as (
    select
        scopes.scope,
        terms.term,
        count(*) as scope_with_term
    from core.patent_scopes as scopes
    inner join core.title_terms as terms using (publication_number)
    group by scopes.scope, terms.term
),

slice_sizes as (
    select
        scopes.scope,
        slices.slice_kind,
        slices.slice,
        any_value(slices.slice_name) as slice_name,
        count(*) as slice_patents
    from core.patent_scopes as scopes
    inner join slices using (publication_number)
    group by scopes.scope, slices.slice_kind, slices.slice
),

slice_terms as (
    select
        scopes.scope,
        slices.slice_kind,
        slices.slice,
        terms.term,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join slices using (publication_number)
    inner join core.title_terms as terms using (publication_number)
    group by scopes.scope, slices.slice_kind, slices.slice, terms.term
    having count(*) >= 5
),

odds as (
    select
        slice_terms.scope,
        slice_terms.slice_kind,
        slice_terms.slice,
        slice_sizes.slice_name,
        slice_terms.term,
        slice_terms.patents,
        10.0 * scope_terms.scope_with_term / scopes.patents as alpha,
        slice_terms.patents + alpha as a,
        slice_sizes.slice_patents - slice_terms.patents + 10 - alpha as b,
        scope_terms.scope_with_term - slice_terms.patents + alpha as a_rest,
        scopes.patents - slice_sizes.slice_patents - (scope_terms.scope_with_term - slice_terms.patents) + 10 - alpha
            as b_rest
    from slice_terms
    inner join slice_sizes using (scope, slice_kind, slice)
    inner join scope_terms using (scope, term)
    inner join core.scopes as scopes using (scope)
    where scope_terms.scope_with_term < scopes.patents
)

select
    scope,
    slice_kind,
    slice,
    slice_name,
    term,
    patents,
    ln(a / b) - ln(a_rest / b_rest) as log_odds,
    (ln(a / b) - ln(a_rest / b_rest)) / sqrt(1 / a + 1 / b + 1 / a_rest + 1 / b_rest) as z
from odds
order by scope, slice_kind, slice, z desc, term
