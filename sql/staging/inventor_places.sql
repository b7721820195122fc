-- One row per publication and inventor of the focal country (those of Hong Kong included): the province where
-- the inventor lives, as far as the printed city and what is around it say.
-- A string that may be in several provinces is settled, in this order, by the publication's other inventors of the
-- focal country, by its applicants of the focal country, and by the same inventor with the same applicant in
-- another publication; each only if it leaves a single candidate. What stays open is ambiguous.
-- @column publication_number | publication
-- @column sequence | position among the inventors, from 1
-- @column province | ISO 3166-2 code, or ambiguous (several candidates), or unresolved (none)
-- @column city | prefecture-level city, where known
-- @column place_method | rule that decided: co-inventors, applicant, same inventor, or that of the string itself
-- @column place_confidence | 0 to 1
-- @column place_candidates | every province the address may name; one where the context decided
-- @unit rank, from 1 | sequence
-- @unit index from 0 to 1 | place_confidence
-- @unique publication_number, sequence
-- @not_null province
with mentions as (
    select
        mentions.publication_number,
        mentions.sequence,
        mentions.name_key,
        places.province,
        places.city,
        places.method,
        places.confidence,
        places.candidates,
        places.candidate_cities,
        -- a dominant name (Suzhou) has an answer, but context may still correct or confirm it
        places.province is not null and places.method != 'dominant' as is_settled,
        len(places.candidates) > 1 and (places.province is null or places.method = 'dominant') as is_open
    from staging.inventor_mentions as mentions
    cross join reference.study as study
    left join staging.place_resolution as places
        on
            mentions.city_raw is not distinct from places.city_raw
            and mentions.region_raw is not distinct from places.region_raw
    where mentions.is_focal or mentions.country = study.focal_country
),

open_candidates as (
    select
        publication_number,
        sequence,
        name_key,
        unnest(candidates) as province
    from mentions
    where is_open
),

by_co_inventors as (
    select
        candidates.publication_number,
        candidates.sequence,
        any_value(candidates.province) as province
    from open_candidates as candidates
    inner join mentions as others
        on
            candidates.publication_number = others.publication_number
            and candidates.province = others.province
            and candidates.sequence != others.sequence
            and others.is_settled
    group by candidates.publication_number, candidates.sequence
    having count(distinct candidates.province) = 1
),

by_applicant as (
    select
        candidates.publication_number,
        candidates.sequence,
        any_value(candidates.province) as province
    from open_candidates as candidates
    cross join reference.study as study
    inner join staging.applicants as applicants
        on
            candidates.publication_number = applicants.publication_number
            and applicants.country = study.focal_country
    inner join staging.place_resolution as places
        on
            applicants.city_raw = places.city_raw
            and places.region_raw is null
            and candidates.province = places.province
            and places.method != 'dominant'
    group by candidates.publication_number, candidates.sequence
    having count(distinct candidates.province) = 1
),

placed as (
    select
        mentions.publication_number,
        mentions.name_key,
        coalesce(
            by_co_inventors.province,
            by_applicant.province,
            case when mentions.is_settled then mentions.province end
        ) as province
    from mentions
    left join by_co_inventors using (publication_number, sequence)
    left join by_applicant using (publication_number, sequence)
),

-- what the same person with the same applicant says elsewhere, in plain words or by one of the two rules above: the
-- first and the last publication that say so, as one of them is another than any given one if there are two
known_elsewhere as (
    select
        placed.name_key,
        applicants.harmonised_name,
        placed.province,
        min(placed.publication_number) as first_publication,
        max(placed.publication_number) as last_publication
    from placed
    inner join staging.applicants as applicants using (publication_number)
    where placed.name_key != '' and placed.province is not null
    group by placed.name_key, applicants.harmonised_name, placed.province
),

by_same_inventor as (
    select
        candidates.publication_number,
        candidates.sequence,
        any_value(candidates.province) as province
    from open_candidates as candidates
    inner join staging.applicants as applicants using (publication_number)
    inner join known_elsewhere as known
        on
            candidates.name_key = known.name_key
            and applicants.harmonised_name = known.harmonised_name
            and candidates.province = known.province
            and (
                candidates.publication_number != known.first_publication
                or candidates.publication_number != known.last_publication
            )
    group by candidates.publication_number, candidates.sequence
    having count(distinct candidates.province) = 1
),

decided as (
    select
        mentions.*,
        coalesce(by_co_inventors.province, by_applicant.province, by_same_inventor.province) as context_province,
        case
            when by_co_inventors.province is not null then 'co-inventors'
            when by_applicant.province is not null then 'applicant'
            when by_same_inventor.province is not null then 'same inventor'
        end as context_method
    from mentions
    left join by_co_inventors using (publication_number, sequence)
    left join by_applicant using (publication_number, sequence)
    left join by_same_inventor using (publication_number, sequence)
)

select
    publication_number,
    sequence,
    case
        when context_province is not null then context_province
        when province is not null then province
        when len(candidates) > 1 then 'ambiguous'
        else 'unresolved'
    end as province,
    case
        when context_province is not null then candidate_cities[list_position(candidates, context_province)]
        else city
    end as city,
    coalesce(context_method, method, 'unresolved') as place_method,
    case context_method
        when 'co-inventors' then 0.9
        when 'applicant' then 0.85
        when 'same inventor' then 0.85
        else coalesce(confidence, 0)
    end as place_confidence,
    case when context_province is not null then [context_province] else candidates end as place_candidates
from decided
order by publication_number, sequence
