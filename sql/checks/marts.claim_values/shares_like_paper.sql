-- A row is a country or province of the paper's tables whose share of all patents is more than 3 points off. Applies
-- to a study of the paper's own countries that declares no expected values, once everything has landed and where there
-- are patents.
-- @severity warn
with paper as (
    select
        max(published) filter (measure = 'summary.patents') as patents
    from marts.claim_values
),

compared as (
    select
        numbers.measure,
        numbers.member,
        numbers.published / paper.patents as published_share,
        coalesce(numbers.found, 0) / nullif(summary.patents, 0) as found_share
    from marts.claim_values as numbers
    cross join paper
    cross join marts.summary as summary
    cross join reference.study as study
    where
        numbers.measure in ('by_country.patents', 'by_province.patents')
        and numbers.claim_id in ('C13', 'C14', 'C15', 'C17')
        and numbers.scope = study.focal_country
        and numbers.published is not null
        and study.asks_the_papers_question
        and not study.declares_expected_values
        and summary.is_complete
)

select
    measure,
    member,
    published_share,
    found_share
from compared
where abs(found_share - published_share) > 0.03
order by measure, published_share desc
