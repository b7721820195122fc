-- A row is a made-up alliance in a study of real records.
-- @severity error
select
    alliances.line,
    alliances.focal_party,
    alliances.source
from staging.alliances as alliances
cross join reference.study as study
where alliances.is_synthetic and not study.is_synthetic
order by alliances.line
