-- The row shows that the study itself is not exactly once among the options, or that a choice has no option.
-- @severity error
select
    count(*) filter (choice = 'none') as baselines,
    count(*) filter (option is null or option = '') as without_option
from core.options
having count(*) filter (choice = 'none') != 1 or count(*) filter (option is null or option = '') > 0
