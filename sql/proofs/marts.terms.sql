-- A term of titles in a slice of a scope: the patents of the slice and of the scope with it and without it.
-- @take slices | marts.terms.slices
-- @names slice = slice_name
-- @shows patents
with scope_members as (
    select
        scopes.publication_number,
        coalesce(slices.slice_name, 'rest') as slice_name,
        slices.publication_number is not null as is_of_slice,
        terms.publication_number is not null as has_term
    from core.patent_scopes as scopes
    left join slices
        on
            scopes.publication_number = slices.publication_number
            and slices.slice_kind = $slice_kind
            and slices.slice = $slice
    left join core.title_terms as terms
        on scopes.publication_number = terms.publication_number and terms.term = $term
    where scopes.scope = $scope
),

numbers as (
    select
        (select any_value(slice_name) from scope_members where is_of_slice) as slice_name,
        (select count(*) from scope_members where is_of_slice and has_term) as y,
        (select count(*) from scope_members where is_of_slice) as n,
        (select count(*) from scope_members where has_term) as y_scope,
        (select count(*) from scope_members) as n_scope,
        (select 10 * count(*) filter (has_term) / count(*) from scope_members) as alpha
)

select
    slice_name,
    y as patents,
    ln((y + alpha) / (n - y + 10 - alpha)) - ln((y_scope - y + alpha) / (n_scope - n - (y_scope - y) + 10 - alpha))
        as log_odds,
    (ln((y + alpha) / (n - y + 10 - alpha)) - ln((y_scope - y + alpha) / (n_scope - n - (y_scope - y) + 10 - alpha)))
    / sqrt(
        1 / (y + alpha)
        + 1 / (n - y + 10 - alpha)
        + 1 / (y_scope - y + alpha)
        + 1 / (n_scope - n - (y_scope - y) + 10 - alpha)
    ) as z
from numbers
