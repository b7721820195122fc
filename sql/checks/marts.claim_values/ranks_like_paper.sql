-- A row is a country or province among the paper's first five whose rank among them is more than one place off.
-- Applies to a study of the paper's own countries that declares no expected values, once everything has landed and
-- where there are patents.
-- @severity warn
with ranked as (
    select
        numbers.measure,
        numbers.member,
        rank() over (partition by numbers.measure order by numbers.published desc) as published_rank,
        rank() over (partition by numbers.measure order by coalesce(numbers.found, 0) desc) as found_rank
    from marts.claim_values as numbers
    cross join marts.summary as summary
    cross join reference.study as study
    where
        numbers.measure in ('by_country.patents', 'by_province.patents')
        and numbers.claim_id in ('C13', 'C15')
        and numbers.scope = study.focal_country
        and study.asks_the_papers_question
        and not study.declares_expected_values
        and summary.is_complete
        and summary.patents > 0
)

select
    measure,
    member,
    published_rank,
    found_rank
from ranked
where abs(published_rank - found_rank) > 1
order by measure, published_rank
