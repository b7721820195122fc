-- One row per publication and applicant or assignee, with the spellings of a company's name brought together.
-- The harmonised name is upper case without accents, punctuation, a leading THE and closing legal forms (CO LTD,
-- INC, GMBH, PTE ...), so that "Hua Wei Technologies Co., Ltd." and "HUA WEI TECHNOLOGIES CO.,LTD" are one.
-- @column publication_number | publication
-- @column sequence | position among the applicants, from 1
-- @column name | as printed
-- @column harmonised_name | name by which variants are counted together
-- @column type | organization or person
-- @column role | assignee or applicant
-- @column city_raw | city as printed
-- @column country | ISO 3166 code
-- @unit rank, from 1 | sequence
-- @unique publication_number, sequence
-- @not_null harmonised_name
with entries as (
    select
        publications.publication_number,
        entry.applicant
    from staging.publications as publications, unnest(publications.applicants) as entry (applicant)
),

-- dots are dropped (S.A. becomes SA), every other mark separates words
spelled as (
    select
        *,
        trim(regexp_replace(
            replace(replace(upper(strip_accents(applicant.name)), '.', ''), '&', ' AND '),
            '[^\p{L}\p{N}]+',
            ' ',
            'g'
        )) as words
    from entries
)

select
    publication_number,
    applicant.sequence as sequence,
    applicant.name as name,
    regexp_replace(
        regexp_replace(words, '^THE ', ''),
        '( (CO|COMPANY|CORP|CORPORATION|INC|INCORPORATED|LTD|LIMITED|LLC|LLP|LP|PLC|PTE|PVT|PTY|PRIVATE|SDN|BHD'
        || '|GMBH|AG|KG|MBH|SE|SA|SAS|SRL|SPA|SARL|BV|NV|AB|AS|ASA|OY|OYJ|KFT|RT|ZRT|DOO|SRO|SP Z OO|JSC|OJSC'
        || '|PJSC|OOO|OAO|ZAO|KK|PUBLIC|TBK))+$',
        ''
    ) as harmonised_name,
    applicant.kind as type,
    applicant.role as role,
    applicant.city_raw as city_raw,
    applicant.country as country
from spelled
order by publication_number, sequence
