-- One row per scope and year, and per scope over all years: how much of its inventing involves somebody abroad. The
-- base are all its applications landed, partner or not, of counted kinds inside the window, one per application, Hong
-- Kong strings left out. Indicators as in OECD (2009), Patent Statistics Manual, chapter 7; intervals are exact
-- (Clopper and Pearson 1934), 95 %, and describe chance alone.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year counted in; null: all years
-- @column base | applications of the scope
-- @column shii | share with an inventor of another country: foreign_inventor / base
-- @column shii_low | lower end of its 95 % interval, of that part of base (Clopper and Pearson 1934)
-- @column shii_high | upper end of its 95 % interval
-- @column shii_partners | share with an inventor of a searched partner country: patents / base
-- @column shii_partners_low | lower end of its 95 % interval, of that part of base (Clopper and Pearson 1934)
-- @column shii_partners_high | upper end of its 95 % interval
-- @column shii_without_hk_mo_tw | share with an inventor of a country other than HK, MO and TW: such applications /
--   base
-- @column shii_without_hk_mo_tw_low | lower end of its 95 % interval, of that part of base (Clopper and Pearson 1934)
-- @column shii_without_hk_mo_tw_high | upper end of its 95 % interval
-- @column owner_known | applications with an organisation whose country is printed
-- @column shia | applications with such an organisation in another country / owner_known; null where none is known
-- @column shai | applications with an owner in the focal country and a foreign inventor / all with an owner in the
--   focal country, landed or not; always null, see reason
-- @column shai_lower | applications of base with an owner in the focal country and a foreign inventor / those with an
--   owner in the focal country; null where there are none
-- @column reason | why shai is null
-- @unit calendar year | year
-- @unit applications | base, owner_known
-- @unit fraction | shii, shii_low, shii_high, shii_partners, shii_partners_low, shii_partners_high,
--   shii_without_hk_mo_tw, shii_without_hk_mo_tw_low, shii_without_hk_mo_tw_high, shia, shai, shai_lower
-- @unique scope, year
select
    involved.scope,
    involved.year,
    involved.base,
    involved.foreign_inventor / involved.base as shii,
    foreign_limits.low as shii_low,
    foreign_limits.high as shii_high,
    involved.partner_inventor / involved.base as shii_partners,
    partner_limits.low as shii_partners_low,
    partner_limits.high as shii_partners_high,
    involved.distant_inventor / involved.base as shii_without_hk_mo_tw,
    distant_limits.low as shii_without_hk_mo_tw_low,
    distant_limits.high as shii_without_hk_mo_tw_high,
    involved.owner_known,
    involved.owner_abroad / nullif(involved.owner_known, 0) as shia,
    null::double as shai,
    involved.focal_owner_foreign_inventor / nullif(involved.focal_owner, 0) as shai_lower,
    'publications without an inventor of the focal country are not landed' as reason
from core.foreign_involvement as involved
left join core.proportion_limits as foreign_limits
    on involved.foreign_inventor = foreign_limits.part and involved.base = foreign_limits.base
left join core.proportion_limits as partner_limits
    on involved.partner_inventor = partner_limits.part and involved.base = partner_limits.base
left join core.proportion_limits as distant_limits
    on involved.distant_inventor = distant_limits.part and involved.base = distant_limits.base
order by involved.scope, involved.year nulls first
