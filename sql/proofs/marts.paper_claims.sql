-- A claim of the paper: what its audit says, and the numbers it rests on.
-- @shows verdict
with audited as (
    select claim_id, quote, location, published, verdict, explanation
    from reference.paper_claims
    where claim_id = $claim_id
),

claim_numbers as (
    select position, label, shown, supports
    from marts.claim_values
    where claim_id = $claim_id
),

landed as (
    select country_years, country_years_landed, is_complete
    from marts.summary
),

study as (
    select name, is_synthetic, documents, focal_country, partner_group, asks_the_papers_question
    from reference.study
),

numbers as (
    select
        (select any_value(quote) from audited) as quote,
        (select any_value(location) from audited) as location,
        (select any_value(published) from audited) as published,
        (select any_value(verdict) from audited) as audited_verdict,
        (select any_value(explanation) from audited) as audited_explanation,
        (select string_agg(label || ' ' || shown, '; ' order by position) from claim_numbers) as recomputed,
        (select string_agg(label || ' ' || shown, '; ' order by position) from claim_numbers where not supports)
            as differing,
        (select any_value(country_years_landed) from landed) as country_years_landed,
        (select any_value(country_years) from landed) as country_years,
        (select any_value(is_synthetic) from study) as is_synthetic,
        (select any_value(asks_the_papers_question) from study) as is_judged,
        (select any_value(documents) from study) as documents,
        (select any_value(focal_country) from study) as focal_country,
        (select any_value(partner_group) from study) as partner_group
)

select
    quote,
    location,
    published,
    if(is_judged, recomputed, null) as recomputed,
    case when not is_judged then 'not judged' when differing is null then audited_verdict else 'differs' end as verdict,
    concat_ws(
        ' ',
        if(
            is_judged,
            null,
            printf(
                'This study asks about %s of %s with %s, the paper about another question.',
                documents,
                focal_country,
                partner_group
            )
        ),
        'The data differ: ' || differing || '.',
        if(
            differing is not null and country_years_landed < country_years,
            printf('Only %d of %d searched countries and years have landed.', country_years_landed, country_years),
            null
        ),
        audited_explanation
    ) as explanation,
    if(not is_judged or recomputed is null, null, if(is_synthetic, 'synthetic', 'records')) as basis
from numbers
