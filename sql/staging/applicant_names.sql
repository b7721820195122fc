-- One row per distinct name of applicants and assignees as printed: the name by which its variants are counted
-- together, and the rule that decided, so that every harmonisation can be looked at. Upper case without accents and
-- punctuation comes first, then a leading THE and closing legal forms go (CO LTD, INC, GMBH, PTE ...), then the alias
-- file data/reference/applicant_aliases.csv decides, which people keep.
-- @column name | as printed
-- @column spelled | upper case, without accents and punctuation; as printed where nothing would be left
-- @column without_legal_form | spelled, without a leading THE and closing legal forms
-- @column harmonised_name | name by which variants are counted together: without_legal_form, or that of the alias file
-- @column method | alias, legal form, punctuation (upper case and accents as well), or as printed: the last rule that
--   changed something
-- @column note | why, for an alias; else null
-- @column mentions | publications and applicants printed with the name
-- @unique name
-- @not_null harmonised_name
with names as (
    select
        entry.applicant.name as name,
        count(*) as mentions
    from staging.publications as publications, unnest(publications.applicants) as entry (applicant)
    group by entry.applicant.name
),

aliases as (
    select
        name as alias,
        harmonised_name,
        note
    from reference.applicant_aliases
),

-- an alias is compared as names are, so that its file need not spell like any printed name
written as (
    select
        name,
        mentions,
        null as harmonised_name,
        null as note
    from names
    union all
    select
        alias,
        null,
        harmonised_name,
        note
    from aliases
),

-- dots are dropped (S.A. becomes SA), every other mark separates words
words as (
    select
        name,
        mentions,
        harmonised_name,
        note,
        trim(regexp_replace(
            replace(replace(upper(strip_accents(name)), '.', ''), '&', ' AND '), '[^\p{L}\p{N}]+', ' ', 'g'
        )) as words
    from written
),

stripped as (
    select
        name,
        mentions,
        harmonised_name,
        note,
        if(words = '', name, words) as spelled,
        regexp_replace(
            regexp_replace(spelled, '^THE ', ''),
            '( (CO|COMPANY|CORP|CORPORATION|INC|INCORPORATED|LTD|LIMITED|LLC|LLP|LP|PLC|PTE|PVT|PTY|PRIVATE|SDN|BHD'
            || '|GMBH|AG|KG|MBH|SE|SA|SAS|SRL|SPA|SARL|BV|NV|AB|AS|ASA|OY|OYJ|KFT|RT|ZRT|DOO|SRO|SP Z OO|JSC|OJSC'
            || '|PJSC|OOO|OAO|ZAO|KK|PUBLIC|TBK))+$',
            ''
        ) as without_legal_form
    from words
),

known_aliases as (
    select
        without_legal_form,
        min(harmonised_name) as harmonised_name,
        min(note) as note
    from stripped
    where harmonised_name is not null
    group by without_legal_form
)

select
    printed.name,
    printed.spelled,
    printed.without_legal_form,
    coalesce(known.harmonised_name, printed.without_legal_form) as harmonised_name,
    case
        when known.harmonised_name is not null then 'alias'
        when printed.without_legal_form != printed.spelled then 'legal form'
        when printed.spelled != printed.name then 'punctuation'
        else 'as printed'
    end as method,
    known.note,
    printed.mentions
from stripped as printed
left join known_aliases as known using (without_legal_form)
where printed.mentions is not null
order by printed.name
