-- One row per choice and option that marts.sensitivity compares with the study as it is, which is the row none: one
-- choice is another, all others stay as they are. The counting options are those that marts.counts has.
-- @column choice | counting, Hong Kong, unplaced, first year, zero rule, date or families; none for the baseline
-- @column option | counting: a counting of marts.counts in the place of whole; Hong Kong: as China (inventors printed
--   under CN in Hong Kong count), or apart in a study that takes Hong Kong as China; unplaced: certain only
--   (patents_certain of marts.by_province) or with candidates; first year: the study begins a year later; zero rule:
--   another rule of marts.growth; date: the other date's year; families: a family counts once, in its first year
-- @column moves_members | whether it may change which patents a scope or a member has, or by how much
-- @column moves_years | whether it may change the yearly counts, or which years are compared
-- @unique choice, option
with growth_years as (
    select min(year) as first_year
    from core.years
    where is_growth_year
),

offered as (
    select
        'none' as choice,
        'baseline' as option,
        true as moves_members,
        true as moves_years
    union all
    select
        'counting',
        unnest([
            'fractional_inventors', 'partners_only', 'focal_only', 'first_inventor', 'primary', 'fractional'
        ]),
        true,
        false
    union all
    select
        'Hong Kong',
        if(hong_kong_as_cn, 'apart', 'as China'),
        true,
        true
    from reference.study
    where focal_country = 'CN'
    union all
    select
        'unplaced',
        unnest(['certain only', 'with candidates']),
        true,
        true
    union all
    select
        'first year',
        (first_year + 1)::varchar,
        true,
        true
    from growth_years
    where first_year is not null
    union all
    select
        'zero rule',
        rules.zero_rule,
        false,
        true
    from reference.study as study
    cross join (select unnest(['skip', 'zero', 'none']) as zero_rule) as rules
    where rules.zero_rule != study.zero_year_rule
    union all
    select
        'date',
        if(counting_date = 'filing', 'publication', 'filing'),
        false,
        true
    from reference.study
    union all
    select
        'families',
        'one per family',
        true,
        true
)

select
    choice,
    option,
    moves_members,
    moves_years
from offered
order by choice, option
