-- One row per application of core.focal_publications and scope it counts in: the nation, and each province where a
-- focal inventor of it lives. Beside the provinces its own addresses name, a patent has those of core.patent_scopes,
-- where its context helped to place an ambiguous address.
-- @column application | application number; the publication's number where the source has none
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @unique application, scope
select
    publications.application,
    study.focal_country as scope
from core.focal_publications as publications
cross join reference.study as study
union
select
    application,
    unnest(provinces) as scope
from core.focal_publications
union
select
    coalesce(patents.application_number, patents.publication_number) as application,
    scopes.scope
from core.patent_scopes as scopes
inner join core.patents as patents using (publication_number)
order by scope, application
