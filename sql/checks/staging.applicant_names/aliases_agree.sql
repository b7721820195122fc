-- A row is an alias of data/reference/applicant_aliases.csv that is given for two names, or whose name is an alias
-- itself: then it would depend on the order of the lines. Write the final name in every line.
-- @severity error
with aliases as (
    select
        upper(strip_accents(name)) as alias,
        harmonised_name
    from reference.applicant_aliases
)

select
    aliases.alias,
    aliases.harmonised_name,
    others.alias as other_alias,
    others.harmonised_name as other_name
from aliases
inner join aliases as others
    on
        (aliases.alias = others.alias and aliases.harmonised_name < others.harmonised_name)
        or (aliases.harmonised_name = others.alias and others.alias != others.harmonised_name)
order by aliases.alias, other_alias
