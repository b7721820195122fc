-- Two instruments of cooperation: the members that either has, with the items of each.
-- @key scope, dimension, first, second
-- @python spearman, spearman_p, kendall, kendall_p, orders, is_exact, chi_square, homogeneity_p, simulated
-- @python expected_below_5, reason
-- @shows spearman
with paired as (
    select
        first_counts.member,
        first_counts.count as first_count,
        second_counts.count as second_count,
        first_counts.items as first_items,
        second_counts.items as second_items
    from marts.cooperation_profile as first_counts
    inner join marts.cooperation_profile as second_counts using (scope, dimension, member)
    where
        first_counts.scope = $scope
        and first_counts.dimension = $dimension
        and first_counts.instrument = $first
        and second_counts.instrument = $second
        and first_counts.rank is not null
        and second_counts.rank is not null
        and ($dimension = 'region' or first_counts.count > 0 or second_counts.count > 0)
),

numbers as (
    select
        (select count(*) from paired) as members,
        (select any_value(first_items) from paired) as first_items,
        (select any_value(second_items) from paired) as second_items
)

select
    members,
    first_items,
    second_items,
    members as spearman,
    members as spearman_p,
    members as kendall,
    members as kendall_p,
    members as orders,
    members as is_exact,
    members as chi_square,
    members as homogeneity_p,
    members as simulated,
    members as expected_below_5,
    members as reason
from numbers
