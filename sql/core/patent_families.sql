-- One row per patent: the family it belongs to, by its earliest priority. Gathered are its own filing and what it
-- claims (continuation, division, continuation in part, reissue, provisional, foreign or international application),
-- followed through the US parents that were landed themselves; the earliest date counts. This is an earliest-priority
-- family, neither DOCDB's nor INPADOC's: patents that share a later priority only are of different families.
-- Numbers are compared without punctuation: US ones by their digits, filled to eight; international ones with the
-- year in four and the serial in six digits; Chinese ones without their check digit; others without their office's
-- letters.
-- @column publication_number | patent
-- @column family_id | office and number of the earliest application; of equal dates an international one (its national
--   phase has its date), then by office, then by number
-- @column priority_date | its date; null where neither filing nor priorities have one
-- @column applications | applications gathered, its own filing included
-- @unique publication_number
-- @not_null family_id
with recursive claims as (
    select
        coalesce(
            lpad(publications.application_number, greatest(8, len(publications.application_number))::integer, '0'),
            publications.publication_number
        ) as application,
        coalesce(entry.claim.country, '') as country,
        case
            when entry.claim.country = 'US' then regexp_replace(entry.claim.number, '\D', '', 'g')
            when entry.claim.country = 'CN' then regexp_replace(entry.claim.number, '\.[0-9X]$', '')
            else entry.claim.number
        end as printed,
        entry.claim.date as date
    from lake.publications as publications, unnest(publications.related) as entry (claim)
    where
        entry.claim.number is not null
        and entry.claim.relation in (
            'foreign-priority', 'pct', 'provisional', 'continuation', 'continuation-in-part', 'division', 'reissue',
            'continuing-reissue', 'divisional-reissue'
        )
),

international as (
    select
        application,
        country,
        printed,
        date,
        regexp_extract(
            upper(printed), 'PCT\W*([A-Z]{2})\W*((?:19|20)?[0-9]{2})\W+([0-9]{1,6})$', ['office', 'year', 'serial']
        ) as parts
    from claims
),

normalised as (
    select distinct
        application,
        country,
        case
            when country = 'US' then lpad(printed, greatest(8, len(printed))::integer, '0')
            when country = 'WO' and parts.serial != ''
                then 'PCT' || parts.office
                    || if(len(parts.year) = 4, '', if(parts.year >= '78', '19', '20')) || parts.year
                    || lpad(parts.serial, 6, '0')
            else regexp_replace(regexp_replace(upper(printed), '\W|_', '', 'g'), '^' || country, '')
        end as number,
        date
    from international
),

patents as (
    select
        publications.publication_number,
        coalesce(
            lpad(publications.application_number, greatest(8, len(publications.application_number))::integer, '0'),
            publications.publication_number
        ) as application,
        publications.filing_date
    from core.hit_decisions as decisions
    inner join staging.publications as publications using (publication_number)
    where decisions.is_kept
),

-- a parent that was landed has priorities of its own
gathered(publication_number, country, number, date) as (
    select
        publication_number,
        'US',
        application,
        filing_date
    from patents
    union
    select
        gathered.publication_number,
        normalised.country,
        normalised.number,
        normalised.date
    from gathered
    inner join normalised on gathered.country = 'US' and gathered.number = normalised.application
)

select
    publication_number,
    arg_min(
        trim(country || ' ' || number),
        {'undated': date is null, 'date': date, 'is_national': country != 'WO', 'country': country, 'number': number}
    ) as family_id,
    min(date) as priority_date,
    count(distinct {'country': country, 'number': number}) as applications
from gathered
group by publication_number
order by publication_number
