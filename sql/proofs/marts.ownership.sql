-- A class of ownership in a scope and period: its patents and their owners.
-- @default period = all
-- @shows patents
with owned as (
    select
        ownership.publication_number,
        ownership.ownership,
        ownership.owner_countries,
        ownership.period
    from core.patent_scopes as scopes
    inner join core.patent_ownership as ownership using (publication_number)
    where scopes.scope = $scope and $period in ('all', ownership.period)
),

numbers as (
    select
        (select count(*) from owned where ownership = $ownership) as patents,
        (select count(*) from owned where ownership != 'none stated') as patents_with_a_stated_owner
)

select
    patents,
    if($ownership = 'none stated', null, patents / nullif(patents_with_a_stated_owner, 0)) as share
from numbers
