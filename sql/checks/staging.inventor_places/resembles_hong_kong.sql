-- A row is a string of inventors who count for China that looks like Hong Kong's: the New Territories in short, a
-- syllable that Cantonese has and Pinyin does not, an estate, court or terrace. Where a person finds that it is Hong
-- Kong, add the missing name to places/hong_kong_names.py. Strings with a clear mainland name are left out.
-- @severity warn
with counted as (
    select
        mentions.city_raw,
        mentions.region_raw,
        places.province,
        places.place_method,
        lower(concat_ws(' ', mentions.city_raw, mentions.region_raw)) as address,
        count(*) as inventors
    from staging.inventor_places as places
    inner join staging.inventor_mentions as mentions using (publication_number, sequence)
    cross join reference.study as study
    where
        study.focal_country = 'CN'
        and not study.hong_kong_as_cn
        and mentions.is_focal
        and places.place_method in (
            'unresolved', 'ambiguous', 'town', 'spelling', 'fuzzy', 'institution'
        )
    group by all
)

select
    city_raw,
    region_raw,
    province,
    place_method,
    inventors
from counted
where
    regexp_matches(address, '\bh\W?k\b|\bn\W{0,2}t\b|kowl|hong\W?k|territor')
    or regexp_matches(address, '\b(estate|court|terrace|mansion|sun chuen|tsuen|chau)\b')
    or regexp_matches(
        address,
        '\b(tsui|tseung|tsim|tsz|tsing|tsuk|kwai|kwun|kwan o|kwok|kwong|sham|shek|sheung|cheung|yuen|yeung|fuk|'
        || 'lok|luk|hok|mok|pok|hung hom|mong|tuen|tsun|wah|wing|wong|yau|hoi|heung|choi|oi|uk)\b'
    )
order by inventors desc, city_raw, region_raw
