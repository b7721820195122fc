-- The partner countries of a province against those of the rest of the nation: the patents of each.
-- @key scope
-- @python p_monte_carlo, simulated, pooled_p
-- @shows pooled_chi_square
with countries as (
    select
        member as country,
        patents,
        national_patents - patents as elsewhere,
        national_patents,
        national_rank,
        row_number() over (order by national_patents desc, member) as place
    from marts.specialisation
    where scope = $scope and dimension = 'country'
),

single as (
    select
        country,
        patents,
        elsewhere,
        national_patents * sum(patents) over () / sum(national_patents) over () as expected,
        national_patents * sum(elsewhere) over () / sum(national_patents) over () as expected_elsewhere
    from countries
    where national_rank <= 10 or patents > 0
),

grouped as (
    select
        if(place <= 4, country, 'all others') as country,
        sum(patents) as patents,
        sum(elsewhere) as elsewhere,
        sum(national_patents) as national_patents
    from countries
    group by if(place <= 4, country, 'all others')
),

pooled as (
    select
        country,
        patents,
        elsewhere,
        national_patents * sum(patents) over () / sum(national_patents) over () as expected,
        national_patents * sum(elsewhere) over () / sum(national_patents) over () as expected_elsewhere
    from grouped
),

numbers as (
    select
        (select count(*) from single) as countries,
        (select sum(pow(patents - expected, 2) / expected + pow(elsewhere - expected_elsewhere, 2) / expected_elsewhere)
        from single) as chi_square,
        (select count(*) filter (expected < 5) + count(*) filter (expected_elsewhere < 5) from single) as below_5,
        (select sum(pow(patents - expected, 2) / expected + pow(elsewhere - expected_elsewhere, 2) / expected_elsewhere)
        from pooled) as pooled_chi_square,
        (select count(*) - 1 from pooled) as degrees_of_freedom
)

select
    countries,
    chi_square,
    chi_square as p_monte_carlo,
    countries as simulated,
    below_5 as expected_below_5,
    pooled_chi_square,
    degrees_of_freedom as pooled_df,
    pooled_chi_square as pooled_p
from numbers
