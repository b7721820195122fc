-- A member in two instruments of cooperation: its items and all items of each.
-- @key scope, dimension, first, second, member
-- @shows difference
with counts as (
    select instrument, member, member_name, count, items, count / items as share
    from marts.cooperation_profile
    where
        scope = $scope
        and dimension = $dimension
        and member = $member
        and instrument in ($first, $second)
),

limits as (
    select
        instrument,
        share,
        (share + pow(1.959963984540054, 2) / (2 * items)) / (1 + pow(1.959963984540054, 2) / items) as middle,
        1.959963984540054
        * sqrt(share * (1 - share) / items + pow(1.959963984540054, 2) / (4 * items * items))
        / (1 + pow(1.959963984540054, 2) / items) as half
    from counts
),

numbers as (
    select
        (select any_value(member_name) from counts) as member_name,
        (select any_value(count) from counts where instrument = $first) as first_count,
        (select any_value(count) from counts where instrument = $second) as second_count,
        (select any_value(share) from counts where instrument = $first) as p,
        (select any_value(share) from counts where instrument = $second) as q,
        (select any_value(middle - half) from limits where instrument = $first) as p_low,
        (select any_value(middle + half) from limits where instrument = $first) as p_high,
        (select any_value(middle - half) from limits where instrument = $second) as q_low,
        (select any_value(middle + half) from limits where instrument = $second) as q_high
)

select
    member_name,
    first_count,
    second_count,
    p as first_share,
    q as second_share,
    q - p as difference,
    q - p - sqrt(pow(q - q_low, 2) + pow(p_high - p, 2)) as low,
    q - p + sqrt(pow(q_high - q, 2) + pow(p - p_low, 2)) as high
from numbers
