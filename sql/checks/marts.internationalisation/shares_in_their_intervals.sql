-- A row is a share outside its interval, or a part that is larger than the whole it is a part of.
-- @severity error
select
    scope,
    year,
    base,
    shii,
    shii_partners,
    shii_without_hk_mo_tw
from marts.internationalisation
where
    coalesce(shii not between shii_low - 1e-12 and shii_high + 1e-12, true)
    or coalesce(shii_partners not between shii_partners_low - 1e-12 and shii_partners_high + 1e-12, true)
    or coalesce(
        shii_without_hk_mo_tw not between shii_without_hk_mo_tw_low - 1e-12 and shii_without_hk_mo_tw_high + 1e-12,
        true
    )
    or shii_partners > shii
    or shii_without_hk_mo_tw > shii
    or coalesce(shia, 0) not between 0 and 1
    or coalesce(shai_lower, 0) not between 0 and 1
order by scope, year
