-- A row is a publication whose records differ between the countries it was found for.
-- @severity error
select
    publication_number,
    count(distinct title) as titles,
    count(distinct publication_date) as dates,
    count(distinct application_number) as applications,
    count(distinct inventors) as inventor_lists
from raw.uspto_hits
group by publication_number
having
    count(distinct title) > 1
    or count(distinct publication_date) > 1
    or count(distinct application_number) > 1
    or count(distinct inventors) > 1
order by publication_number
