-- One row per scope and dimension: how concentrated the patents are on few members.
-- Dimensions: country, province (national scope only), field_paper, field_ipc_section, field_wipo35. What could not
-- be placed or classified (unresolved, ambiguous, unmapped, none) is no member.
-- @column scope | code of the focal country or of a province
-- @column dimension | what the members are
-- @column members | members with patents
-- @column cr1 | patents of the largest member / patents of the scope
-- @column cr3 | patents of the three largest members / patents of the scope
-- @column cr5 | patents of the five largest members / patents of the scope
-- @column hhi | Herfindahl-Hirschman index: sum of squared shares, here of the sum of the members' counts, because
--   whole counts sum to more than the patents
-- @column hhi_normalised | (hhi - 1 / members) / (1 - 1 / members): 0 if all are equal; null for one member
-- @column effective_number | 1 / hhi: members of equal size that would give the same index
-- @unique scope, dimension
with members as (
    select scope, 'country' as dimension, country as member, patents
    from marts.by_country
    union all
    select study.focal_country, 'province', by_province.province, by_province.patents
    from marts.by_province as by_province
    cross join reference.study as study
    where by_province.rank is not null
    union all
    select scope, 'field_' || scheme, field_code, patents
    from marts.by_field
    where rank is not null
),

ordered as (
    select
        scope,
        dimension,
        patents,
        row_number() over largest_first as place,
        patents / sum(patents) over (partition by scope, dimension) as share_of_counts
    from members
    window largest_first as (partition by scope, dimension order by patents desc, member)
),

summed as (
    select
        scope,
        dimension,
        count(*) as members,
        sum(patents) filter (place <= 1) as largest_1,
        sum(patents) filter (place <= 3) as largest_3,
        sum(patents) filter (place <= 5) as largest_5,
        sum(share_of_counts ** 2) as hhi
    from ordered
    group by scope, dimension
)

select
    summed.scope,
    summed.dimension,
    summed.members,
    summed.largest_1 / scopes.patents as cr1,
    summed.largest_3 / scopes.patents as cr3,
    summed.largest_5 / scopes.patents as cr5,
    summed.hhi,
    (summed.hhi - 1 / summed.members) / nullif(1 - 1 / summed.members, 0) as hhi_normalised,
    1 / summed.hhi as effective_number
from summed
inner join core.scopes as scopes using (scope)
order by summed.scope, summed.dimension
