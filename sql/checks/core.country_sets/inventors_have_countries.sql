-- A source file and kind of which more than one document in twenty says of no inventor where they live: as good as all
-- documents say so, so it may be written in a form that is not read.
-- @severity warn
select
    source_file,
    kind,
    sum(documents) filter (len(countries) = 0)::bigint as without_country,
    sum(documents)::bigint as documents
from core.country_sets
group by source_file, kind
having sum(documents) >= 20 and sum(documents) filter (len(countries) = 0) > sum(documents) / 20
order by source_file, kind
