-- One row per scope and partner country with co-published papers.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column country | partner country, ISO 3166 code
-- @column country_name | its name
-- @column region | its region in the partner group
-- @column papers | whole counting: one counts once for each of its partner countries
-- @column share | papers / papers of the scope
-- @column rank | 1 = most; ties share a rank
-- @unit papers | papers
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, country
select
    profile.scope,
    profile.member as country,
    profile.member_name as country_name,
    partners.region,
    profile.count as papers,
    profile.share,
    profile.rank
from marts.cooperation_profile as profile
left join reference.partners as partners on profile.member = partners.iso2
where profile.instrument = 'papers' and profile.dimension = 'country' and profile.count > 0
order by profile.scope, profile.rank, profile.member
