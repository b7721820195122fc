-- Two source files that hold the same bytes and were both read: everything in them counts double.
-- @severity error
select
    sha256,
    min(source_file) as source_file,
    max(source_file) as other_file
from raw.source_files
where length(sha256) = 64 and problem is null and source_file not like 'PatentsView %'
group by sha256
having count(*) > 1
order by sha256
