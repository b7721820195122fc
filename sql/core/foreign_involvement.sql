-- One row per scope and year, and per scope over all years: how many of its applications involve somebody abroad.
-- The base are the applications of core.focal_publications, partner or not.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year counted in; null: all years
-- @column base | applications of the scope
-- @column foreign_inventor | of which with an inventor of another country
-- @column partner_inventor | of which patents of the study: with an inventor of a searched partner country
-- @column distant_inventor | of which with an inventor of a country other than HK, MO and TW
-- @column owner_known | applications with an organisation whose country is printed
-- @column owner_abroad | of which with one in another country
-- @column focal_owner | applications with an organisation of the focal country
-- @column focal_owner_foreign_inventor | of which with an inventor of another country
-- @unit calendar year | year
-- @unit applications | base
-- @unique scope, year
select
    scopes.scope,
    publications.counted_year as year,
    count(*) as base,
    count(*) filter (publications.comparison_group != 'domestic only') as foreign_inventor,
    count(*) filter (publications.comparison_group = 'partner') as partner_inventor,
    count(*) filter (publications.has_distant_inventor) as distant_inventor,
    count(*) filter (publications.owner_known) as owner_known,
    count(*) filter (publications.has_owner_abroad) as owner_abroad,
    count(*) filter (publications.has_focal_owner) as focal_owner,
    count(*) filter (publications.has_focal_owner and publications.comparison_group != 'domestic only')
        as focal_owner_foreign_inventor
from core.focal_publication_scopes as scopes
inner join core.focal_publications as publications using (application)
group by grouping sets ((scopes.scope, publications.counted_year), (scopes.scope))
order by scopes.scope, year nulls first
