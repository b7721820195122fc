-- A row is a year with at least 10 publications whose mean number of inventors is more than twice, or less than half,
-- that of the year before: the sign of an address block missed or read twice in one era of the files.
-- @severity warn
with sizes as (
    select
        publications.publication_number,
        publications.year,
        count(mentions.sequence) as inventors
    from staging.publications as publications
    left join staging.inventor_mentions as mentions using (publication_number)
    group by publications.publication_number, publications.year
),

yearly as (
    select
        year,
        avg(inventors) as mean_inventors
    from sizes
    group by year
    having count(*) >= 10
),

compared as (
    select
        year,
        mean_inventors,
        lag(mean_inventors) over (order by year) as mean_before
    from yearly
)

select
    year,
    mean_inventors,
    mean_before
from compared
where mean_inventors not between mean_before / 2 and mean_before * 2
order by year
