-- One row per scope, dimension, scheme, member and counting: the patents of the member, from the whole numbers of
-- core.member_parts, so that the sum is the same on any number of threads.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | country, region, province, city, field or applicant
-- @column scheme | field scheme; null but for fields
-- @column member | as in marts.counts
-- @column counting | as in marts.counts
-- @column patents | sum of numerator / denominator
-- @unique scope, dimension, scheme, member, counting
select
    scope,
    dimension,
    scheme,
    member,
    counting,
    sum(numerator // denominator) + sum((numerator % denominator) / denominator order by denominator) as patents
from core.member_parts
group by scope, dimension, scheme, member, counting
order by scope, dimension, scheme, member, counting
