-- A row is a term that is in fewer than five patents, in more than its scope has, or without a finite z.
-- @severity error
select
    terms.scope,
    terms.slice_kind,
    terms.slice,
    terms.term,
    terms.patents,
    terms.z
from marts.terms as terms
inner join core.scopes as scopes using (scope)
where terms.patents < 5 or terms.patents > scopes.patents or not isfinite(terms.z)
order by terms.scope, terms.slice_kind, terms.slice, terms.term
