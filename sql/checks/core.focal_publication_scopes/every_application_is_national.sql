-- A row is an application of the base that is not in the national scope.
-- @severity error
select publications.application
from core.focal_publications as publications
cross join reference.study as study
left join core.focal_publication_scopes as scopes
    on publications.application = scopes.application and study.focal_country = scopes.scope
where scopes.scope is null
order by publications.application
