-- One row per scope, scheme, field and partner country with patents: in which fields the scope invents with whom.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column scheme | paper, ipc_section, wipo35 or wipo5
-- @column field_code | field of the primary symbol
-- @column country | partner country
-- @column patents | patents of the field with the country; a patent counts once for each of its partner countries
-- @unit patents | patents
-- @unique scope, scheme, field_code, country
select
    scopes.scope,
    fields.scheme,
    fields.field_code,
    countries.country,
    count(*) as patents
from core.patent_scopes as scopes
inner join core.patent_fields as fields using (publication_number)
inner join core.patent_countries as countries using (publication_number)
where fields.is_primary
group by all
order by scopes.scope, fields.scheme, patents desc, fields.field_code, countries.country
