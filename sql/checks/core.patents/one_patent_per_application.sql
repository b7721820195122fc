-- A row is an application that became more than one patent.
-- @severity error
select
    application_number,
    count(*) as patents,
    string_agg(publication_number, ', ' order by publication_number) as publications
from core.patents
where application_number is not null
group by application_number
having count(*) > 1
order by application_number
