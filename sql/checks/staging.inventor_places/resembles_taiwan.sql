-- A row is a string of inventors who count for China that looks like Taiwan's: its name, a syllable that is written in
-- Wade-Giles and not in Pinyin, a kind of place as it is written there, or a small mainland place whose namesake there
-- is larger. Where a person finds that it is Taiwan, add the missing name to places/taiwan.py. Strings with a clear
-- mainland name are left out.
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
        and mentions.is_focal
        and places.place_method in (
            'unresolved', 'ambiguous', 'town', 'spelling', 'fuzzy', 'institution', 'exact'
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
    (
        place_method != 'exact'
        and regexp_matches(
            address,
            '\b(taiwan|formosa|r\W?o\W?c|hsiang|hsien|shiang|hsin|hsi|hsia|hsing|tsuen|tsun|jen|chiu|chih|chieh|'
            || 'erh|kuo|peng|ting|tung|kang|kuang|lung|chung|tsao|tzu|szu|pei|tou|tien)\b'
        )
    )
    or regexp_matches(
        address,
        '^(yi ?lan|nan ?kang|nan ?gang|zhong ?he|yong ?he|lin ?kou|shi ?lin|long ?tan|hu ?kou|dan ?shui|chu ?nan|'
        || 'tao ?yuan|feng ?shan|wu ?feng|tu ?cheng|yuan ?lin|shu ?lin|xin ?dian|xin ?zhuang)$'
    )
order by inventors desc, city_raw, region_raw
