"""Every check passes on sound tables and fails on a planted fault."""

from __future__ import annotations

import duckdb
import pytest

from bri_pipeline.warehouse import Check, Model, build_model, load_models, run_check
from tests.warehouse.lake import REPOSITORY

MODELS = load_models(REPOSITORY / "sql")
CHECKS = {check.id: check for model in MODELS.values() for check in model.checks}

ONE_PATENT = "publication_number = 'USC00000A1'"
SOME_SCOPE = "scope = 'CN-JS'"
LIVE_STUDY = "update reference.study set declares_expected_values = false"


def reproduction_fault(measure: str, scope: str = "CN", member: str = "all") -> list[str]:
    """One of the paper's numbers comes out one too high."""
    return [
        f"update marts.measures set value = value + 1 "
        f"where measure = '{measure}' and scope = '{scope}' and member = '{member}'",
        "rebuild marts.reproduction",
    ]


def claim_fault(change: str) -> list[str]:
    return [LIVE_STUDY, f"update marts.measures {change}", "rebuild marts.claim_values"]


# A fault is one or more statements that damage a built table (or, as ``rebuild``, build one again on top).
FAULTS: dict[str, list[str]] = {
    "raw.uspto_hits/countries_and_years_landed": [
        "update lake.partitions set landed = false where year = 2005"
    ],
    "raw.uspto_hits/partitions_complete": [f"delete from lake.hits where {ONE_PATENT}"],
    "raw.uspto_hits/hits_left_out": [f"delete from raw.uspto_hits where {ONE_PATENT}"],
    "raw.uspto_hits/dates_in_partition_and_window": [
        f"update raw.uspto_hits set publication_date = date '2018-03-01', year = 2018 where {ONE_PATENT}"
    ],
    "raw.uspto_hits/kinds_counted": [f"update raw.uspto_hits set kind = 'P1' where {ONE_PATENT}"],
    "raw.uspto_hits/years_have_files": ["delete from lake.files where file_year = 2003"],
    "core.patent_ownership/every_patent_has_a_class": [
        f"delete from core.patent_ownership where {ONE_PATENT}"
    ],
    "marts.ownership/classes_sum_to_patents": [
        f"update marts.ownership set patents = patents + 1 where {SOME_SCOPE} and ownership = 'joint'"
    ],
    "marts.entrants/every_applicant_enters_once": [
        f"update marts.entrants set entrants = entrants + 1 where {SOME_SCOPE} and year = 2005"
    ],
    "core.network_members/every_country_is_a_node": [
        f"delete from core.network_members where side = 'right' and {ONE_PATENT}"
    ],
    "marts.network_nodes/strength_meets_edges": [
        "update marts.network_nodes set strength = strength + 1 where node = 'CN-JS'"
    ],
    "core.focal_publication_scopes/every_application_is_national": [
        "delete from core.focal_publication_scopes "
        "where scope = 'CN' and application = (select min(application) from core.focal_publications)"
    ],
    "core.foreign_involvement/partner_side_is_the_patents": [
        f"update core.foreign_involvement set partner_inventor = 0 where {SOME_SCOPE} and year is null"
    ],
    "marts.internationalisation/shares_in_their_intervals": [
        f"update marts.internationalisation set shii = 2 where {SOME_SCOPE} and year is null"
    ],
    "marts.comparison/groups_sum_to_applications": [
        f"update marts.comparison set publications = publications + 1 where {SOME_SCOPE} and year = 2005"
    ],
    "marts.comparison_ratios/ratio_in_its_interval": [
        "insert into marts.comparison_ratios values ('CN-XX', 2014, 1, 2, 1, 2, null, null, null)"
    ],
    "marts.summary/counted_kinds_cover_the_hits": [
        "update core.kinds_read set publications = 1 where kind = 'A1'"
    ],
    "core.kinds_read/kinds_are_kind_codes": ["update core.kinds_read set kind = 'patent' where kind = 'A1'"],
    "marts.field_countries/fields_sum_to_countries": [
        f"delete from marts.field_countries where {SOME_SCOPE} and scheme = 'paper' and country = 'SG'"
    ],
    "marts.network_edges/fractions_sum_to_patents": [
        "delete from marts.network_edges where network = 'province-country' and source = 'CN-JS' and target = 'SG'"
    ],
    "core.title_terms/terms_belong_to_patents": [
        f"update core.title_terms set term = 'perpetuum mobile' where {ONE_PATENT}"
    ],
    "marts.terms/counts_within_slices": [
        "insert into marts.terms values ('CN', 'field', '1', 'Field', 'term', 4, 1.0, 1.0)"
    ],
    "marts.terms/unique_scope_slice_kind_slice_term": [
        "insert into marts.terms select 'CN', 'field', '1', 'Field', 'term', 5, 1.0, 1.0 from range(2)"
    ],
    "raw.source_files/dates_agree_with_the_file": [
        "update raw.source_files set outside_year = 1 where file_year = 2003"
    ],
    "raw.source_files/documents_accounted_for": [
        "update raw.source_files set skipped = skipped - 1 where file_year = 2003"
    ],
    "raw.source_files/nothing_missing_in_records": [
        "update raw.source_files set notes = '3 with no IPC' where file_year = 2003"
    ],
    "raw.source_files/every_file_is_whole": [
        "update raw.source_files set problem = 'not a zip file' where file_year = 2003"
    ],
    "raw.source_files/every_file_holds_documents": [
        "insert into raw.source_files by name select * replace ('empty.zip' as source_file, 'empty' as sha256, "
        "0 as documents, 0 as kept, 0 as skipped, 0 as unreadable, 9 as size_bytes) from raw.source_files limit 1"
    ],
    "raw.source_files/no_bytes_are_read_twice": [
        "update raw.source_files set sha256 = repeat('a', 64) where file_year in (2003, 2004)"
    ],
    "raw.source_files/no_file_holds_less_than_before": [
        "update raw.source_files set documents_before = documents + 1 where file_year = 2003"
    ],
    "raw.files_left_out/no_second_copies": [
        "insert into raw.files_left_out values ('a (1).zip', 2003, 9, 'a', 'same bytes', 'a.zip', null, true)"
    ],
    "raw.files_left_out/every_file_can_be_opened": [
        "insert into raw.files_left_out values ('a.7z', 2003, 9, null, 'cannot be opened', null, 'is 7z', false)"
    ],
    "raw.files_left_out/no_accepted_losses": [
        "insert into raw.files_left_out values ('a.zip', 2003, 9, 'a', 'accepted loss', null, null, false)"
    ],
    "raw.files_left_out/unique_source_file_file_year": [
        "insert into raw.files_left_out select 'a.zip', 2003, 9, 'a', 'same bytes', 'b.zip', null, false from range(2)"
    ],
    "raw.replaced_publications/none_is_replaced": [
        "insert into raw.replaced_publications values ('US20030000001A1', '2003-01-02', 'b.zip', 'a.zip')"
    ],
    "raw.quarantine/unique_source_file_document_index": [
        "insert into raw.quarantine select 'a.zip', 2003, 1, 0, 'no number', '<x>' from range(2)"
    ],
    "raw.quarantine/every_document_readable": [
        "insert into raw.quarantine values ('a.zip', 2003, 1, 0, 'no number', '<x>')"
    ],
    "staging.publications/filed_before_published": [
        f"update staging.publications set filing_date = publication_date + 1 where {ONE_PATENT}"
    ],
    "staging.publications/same_record_in_every_search": [
        "insert into raw.uspto_hits by name select * replace ('PL' as country, 'Other' as title) "
        f"from raw.uspto_hits where {ONE_PATENT} limit 1"
    ],
    "staging.inventor_mentions/every_hit_has_both_sides": [
        f"update staging.inventor_mentions set is_focal = false where {ONE_PATENT}"
    ],
    "staging.inventor_mentions/countries_known": [
        f"update staging.inventor_mentions set country = 'QQ' where {ONE_PATENT} and not is_focal"
    ],
    "staging.inventor_mentions/inventors_per_publication_steady": [
        "insert into staging.inventor_mentions by name select mentions.* "
        "replace (mentions.sequence + 10 * copies as sequence) from staging.inventor_mentions as mentions "
        "inner join staging.publications using (publication_number), range(1, 4) as copied (copies) "
        "where year = 2010"
    ],
    "staging.ipc_symbols/symbols_well_formed": [
        f"update staging.ipc_symbols set main_group = null where {ONE_PATENT}"
    ],
    "staging.inventor_places/every_focal_inventor_has_a_place": [
        f"delete from staging.inventor_places where {ONE_PATENT}"
    ],
    "staging.inventor_places/resolution_rate_by_year": [
        "update staging.inventor_places set province = 'unresolved' where publication_number in "
        "(select publication_number from staging.publications where year = 2015)"
    ],
    "staging.inventor_places/share_ambiguous": [
        "update staging.inventor_places set province = 'ambiguous' where province = 'CN-BJ'"
    ],
    "staging.inventor_places/misspellings_corrected": [
        "update staging.inventor_places set place_method = 'fuzzy' where province = 'CN-BJ'"
    ],
    "staging.inventor_places/new_strings_unplaced": [
        "update staging.inventor_places set province = 'unresolved'",
        "update staging.inventor_mentions set city_raw = publication_number where publication_number in "
        "(select publication_number from staging.publications "
        "where publication_date = (select max(publication_date) from staging.publications))",
    ],
    "staging.inventor_places/resembles_hong_kong": [
        "update staging.inventor_mentions set city_raw = 'Sham Wan Court' where publication_number in "
        "(select publication_number from staging.publications where year = 2015)",
        "update staging.inventor_places set province = 'unresolved', place_method = 'unresolved'",
    ],
    "staging.inventor_places/resembles_taiwan": [
        "update staging.inventor_mentions set city_raw = 'Tung Chih' where publication_number in "
        "(select publication_number from staging.publications where year = 2015)",
        "update staging.inventor_places set province = 'unresolved', place_method = 'unresolved'",
    ],
    "staging.inventors/place_resolution_rate": [
        "update staging.inventors set province = 'ambiguous' where province = 'CN-BJ'"
    ],
    "staging.inventors/provinces_known": [
        f"update staging.inventors set province = 'CN-QQ' where {ONE_PATENT}"
    ],
    "staging.symbol_fields/symbols_mapped": [
        "update staging.symbol_fields set field_code = 'unmapped' where scheme = 'wipo35' and symbol = 'H04L 29/06'"
    ],
    "core.hit_decisions/every_hit_decided": [f"delete from core.hit_decisions where {ONE_PATENT}"],
    "core.duplicates/kept_hit_is_kept": [
        "update core.duplicates set kept_country = 'MN' where publication_number = 'USC00000A1'"
    ],
    "core.duplicates/reasons_known": [f"update core.duplicates set reason = 'correction' where {ONE_PATENT}"],
    "core.patent_families/every_patent_is_of_a_family": [
        f"update core.patent_families set priority_date = date '2018-01-01' where {ONE_PATENT}",
        f"update staging.publications set filing_date = date '2000-01-01' where {ONE_PATENT}",
    ],
    "core.patents/hits_minus_duplicates": [f"delete from core.patents where {ONE_PATENT}"],
    "core.patents/one_patent_per_application": [
        f"update core.patents set application_number = 'USJ00001' where {ONE_PATENT}"
    ],
    "core.patents/both_sides": [f"update core.patents set focal_inventors = 0 where {ONE_PATENT}"],
    "core.patent_countries/every_patent_is_a_member": [
        f"delete from core.patent_countries where {ONE_PATENT}"
    ],
    "core.patent_countries/weights_sum_to_one": [
        f"update core.patent_countries set weight_fractional = 0.4 where {ONE_PATENT}"
    ],
    "core.patent_countries/every_partner_country_is_a_member": [
        f"delete from core.patent_countries where {ONE_PATENT} and country = 'SG'"
    ],
    "core.patent_provinces/every_patent_is_a_member": [
        f"delete from core.patent_provinces where {ONE_PATENT}"
    ],
    "core.patent_provinces/weights_sum_to_one": [
        f"update core.patent_provinces set is_first = false where {ONE_PATENT}"
    ],
    "core.patent_fields/every_patent_has_one_primary_field": [
        f"update core.patent_fields set is_primary = false where {ONE_PATENT} and scheme = 'paper'"
    ],
    "core.patent_fields/weights_sum_to_one": [
        f"update core.patent_fields set weight_fractional = 0.5 where {ONE_PATENT}"
    ],
    "core.patent_fields/fields_mapped": [
        "update core.patent_fields set field_code = 'unmapped' where field_code = 'H'"
    ],
    "core.patent_applicants/every_organisation_is_a_member": [
        f"delete from core.patent_applicants where {ONE_PATENT}"
    ],
    "core.patent_applicants/weights_sum_to_one": [
        f"update core.patent_applicants set weight_fractional = 0.5 where {ONE_PATENT}"
    ],
    "core.patent_scopes/every_patent_is_national": [f"delete from core.patent_scopes where {ONE_PATENT}"],
    "core.scopes/national_scope_holds_all": [
        "update core.scopes set patents = patents - 1 where is_national"
    ],
    "raw.country_codes/unique_source_file_printed_rule": [
        "insert into raw.country_codes select 'a.zip', 'QX', null, 'unknown code', 2 from range(2)"
    ],
    "raw.country_codes/codes_known": [
        "insert into raw.country_codes values ('ipab20100107.zip', 'QX', null, 'unknown code', 2)"
    ],
    "core.country_sets/every_document_read_is_counted": [
        "update core.country_sets set documents = documents + 1 where kind = 'P1'"
    ],
    "core.country_sets/inventors_have_countries": [
        "insert into core.country_sets values ('new.zip', 2010, 'A1', []::varchar[], 100)"
    ],
    "core.country_totals/totals_cover_hits": [
        "update core.country_totals set publications = 1 where country = 'SG' and year = 2010"
    ],
    "core.country_totals/focal_total_covers_kept": [
        "update core.country_totals set publications = 1 where is_focal"
    ],
    "marts.summary/agrees_with_core": ["update marts.summary set patents = patents + 1, hits = hits + 1"],
    "marts.by_city/fractions_sum_to_scope": [
        "update marts.by_city set fractional_patents = fractional_patents + 1 where scope = 'CN'"
    ],
    "core.patent_partner_regions/inventors_meet_patents": [
        f"delete from core.patent_partner_regions where {ONE_PATENT}"
    ],
    "core.patent_partner_regions/regions_known": [
        f"update core.patent_partner_regions set partner_region = 'SG-XX' where {ONE_PATENT}"
    ],
    "marts.by_partner_region/fractions_sum_to_scope": [
        f"delete from marts.by_partner_region where {SOME_SCOPE} and country = 'SG'"
    ],
    "core.patent_partner_regions/most_inventors_placed": [
        "update core.patent_partner_regions set partner_region = 'unresolved' where country = 'SG'"
    ],
    "marts.alliances_by_country/sums_meet_core": [
        "delete from marts.alliances_by_country where scope = 'CN' and country = 'SG'"
    ],
    "marts.alliances_by_region/regions_hold_all": [
        "delete from marts.alliances_by_region where scope = 'CN' and region = 'ASEAN'"
    ],
    "marts.alliances_by_year/sums_meet_core": [
        "update marts.alliances_by_year set alliances = alliances + 1 where year = 2014"
    ],
    "marts.papers_by_country/sums_meet_core": [
        "delete from marts.papers_by_country where scope = 'CN' and country = 'SG'"
    ],
    "marts.papers_by_region/regions_hold_all": [
        "delete from marts.papers_by_region where scope = 'CN' and region = 'ASEAN'"
    ],
    "marts.papers_by_year/sums_meet_core": [
        "update marts.papers_by_year set papers = papers + 1 where year = 2014"
    ],
    "marts.papers_by_field/sums_meet_core": ["delete from marts.papers_by_field where field = 'none'"],
    "staging.alliances/every_line_is_there": ["delete from staging.alliances where line = 2"],
    "staging.alliances/lines_counted": [
        "update staging.alliances set left_out = 'outside the window' where line = 2"
    ],
    "staging.alliances/places_known": ["update staging.alliances set province = 'unresolved' where line = 2"],
    "staging.alliances/synthetic_where_said": ["update reference.study set is_synthetic = false"],
    "staging.paper_affiliations/every_paper_has_both_sides": [
        "delete from staging.paper_affiliations where is_partner and work_id = 'W2014CZ'"
    ],
    "staging.paper_affiliations/months_and_files_whole": ["update lake.paper_files set is_whole = false"],
    "staging.paper_affiliations/files_can_be_opened": ["update lake.paper_files set problem = 'is a part'"],
    "staging.paper_affiliations/countries_known": ["update lake.paper_files set odd_countries = 'QX 1'"],
    "staging.paper_affiliations/every_work_readable": ["update lake.paper_files set unreadable = 1"],
    "staging.paper_affiliations/provinces_known": [
        "update staging.paper_affiliations set province = 'unresolved' where city_raw = 'Nanjing'"
    ],
    "core.cooperation_members/countries_of_the_group": [
        "insert into core.cooperation_members values ('papers', 'W1', 'CN', 'US', 2014)"
    ],
    "core.cooperation_scopes/no_province_above_the_nation": [
        f"update core.cooperation_scopes set items = 1000000 where {SOME_SCOPE}"
    ],
    "core.cooperation_scopes/patents_are_those_of_core": [
        f"update core.cooperation_scopes set items = 1 where {SOME_SCOPE} and instrument = 'patents'"
    ],
    "marts.cooperation_profile/counts_meet_core": [
        f"delete from marts.cooperation_profile where {SOME_SCOPE} and member = 'SG'"
    ],
    "marts.by_country/sums_meet_core": [f"update marts.by_country set patents = 1 where {SOME_SCOPE}"],
    "marts.by_country/countries_named": ["update marts.by_country set region = null where country = 'SG'"],
    "marts.by_province/sums_meet_core": ["delete from marts.by_province where province = 'unresolved'"],
    "marts.by_province/bounds_enclose_count": [
        "update marts.by_province set patents_certain = patents + 1 where province = 'CN-JS'"
    ],
    "core.patent_cities/inventors_meet_patents": [f"delete from core.patent_cities where {ONE_PATENT}"],
    "core.member_parts/parts_of_patents": [
        "update core.member_parts set denominator = 0 where member = 'SG'"
    ],
    "core.proportions_wanted/part_of_base": ["update core.proportions_wanted set part = base + 1"],
    "marts.counts/parts_are_patents": [
        "update core.member_parts set numerator = numerator + 1 "
        "where scope = 'CN-JS' and member = 'SG' and counting = 'partners_only'"
    ],
    "marts.counts/sums_are_patents": [
        "update marts.counts set patents = patents + 1 where member = 'SG' and counting = 'first_inventor'"
    ],
    "marts.counts/no_part_above_whole": [
        "update marts.counts set patents = 1 where member = 'SG' and counting = 'whole'"
    ],
    "marts.by_country/bilateral_within_whole": [
        "update marts.by_country set patents_bilateral = patents + 1 where country = 'SG'"
    ],
    "marts.by_field/parts_within_whole": [
        "update marts.by_field set patents_whole = 0 where field_code = 'H'"
    ],
    "marts.by_region/sums_meet_core": ["delete from marts.by_region where region = 'East Asia'"],
    "core.years/exposure_in_range": ["delete from core.years where year = 2018"],
    "core.focal_publications/countries_include_focal": [
        f"update core.focal_publications set countries = ['SG'] where {ONE_PATENT}"
    ],
    "core.scope_years/every_patent_is_a_publication": [
        f"delete from core.focal_publications where {ONE_PATENT}"
    ],
    "core.scope_years/sums_meet_scopes": [
        f"update core.scope_years set patents = 99 where {SOME_SCOPE} and year = 2010"
    ],
    "core.trends_wanted/one_weight_per_count": ["update core.trends_wanted set weights = [1.0]"],
    "core.counts_wanted/every_count_is_there": ["delete from core.counts_wanted where patents = 0"],
    "marts.by_year/interval_holds_count": ["update marts.by_year set low = patents + 1"],
    "marts.growth/poisson_rate_or_reason": [f"update marts.growth set reason = 'none' where {SOME_SCOPE}"],
    "marts.by_year/years_without_holes": ["delete from marts.by_year where year = 2018"],
    "marts.by_year/sums_meet_core": [
        f"update marts.by_year set patents = 99 where {SOME_SCOPE} and year = 2010"
    ],
    "marts.by_field/sums_meet_core": [f"delete from marts.by_field where {SOME_SCOPE} and field_code = 'H'"],
    "marts.growth/every_year_accounted_for": ["update marts.growth set rates_defined = rates_defined - 1"],
    "marts.growth/compound_rate_meets_series": ["update marts.growth set cagr = cagr + 0.01"],
    "core.stage_periods/one_after_the_other": [
        "update core.stage_periods set from_year = from_year + 1 where position = 2"
    ],
    "core.year_segments/segments_of_one_year_are_the_series": [
        "update core.year_segments set patents = patents + 1"
    ],
    "core.stage_cuts/more_stages_fit_no_worse": ["update core.stage_cuts set cost = 1e9 where stages = 3"],
    "core.stage_spans/stages_meet_series": ["update core.stage_spans set patents = patents + 1"],
    "core.ratios_wanted/counts_of_years": ["update core.ratios_wanted set years = 0"],
    "marts.stages/chosen_cuts_are_not_tested": ["update marts.stages set p_value = 0.5"],
    "marts.stage_models/every_model_has_a_cost": [
        "update marts.stage_models set cost = null where stages = '3'"
    ],
    "marts.stages/stages_meet_series": ["update marts.stages set patents = patents + 1 where position = 1"],
    "marts.stages/optimal_cut_is_best": ["update marts.stages set squared_error = 0 where method = 'study'"],
    "core.member_years/no_member_above_scope": ["update core.member_years set patents = 1e6"],
    "core.fourfold_tables/no_cell_below_zero": [
        "update core.fourfold_tables set patents = scope_patents + 1"
    ],
    "core.member_margins/no_cell_below_zero": ["update core.member_margins set patents = scope_patents + 1"],
    "staging.applicant_names/aliases_agree": [
        "insert into reference.applicant_aliases values "
        "('Acme', 'ACME CHINA', 'x', 'x'), ('ACME', 'ACME SINGAPORE', 'x', 'x')"
    ],
    "marts.concentration/indices_in_range": [
        "update marts.concentration set cr5 = 0.01 where dimension = 'country'"
    ],
    "marts.by_applicant/sums_meet_core": ["delete from marts.by_applicant where applicant = 'COMPANY 7'"],
    "core.hong_kong_publications/none_is_focal": [
        "insert into core.hong_kong_publications "
        f"select publication_number, application, 2010, [], [] from core.focal_publications where {ONE_PATENT}"
    ],
    **{
        f"core.hong_kong_publications/unique_{column}": [
            "insert into core.hong_kong_publications select 'US1A1', '1', 2010, ['SG'], [] from range(2)"
        ]
        for column in ("publication_number", "application")
    },
    "core.options/the_study_is_one": ["delete from core.options where choice = 'none'"],
    "core.option_scopes/baseline_is_the_study": [f"delete from core.option_scopes where {ONE_PATENT}"],
    "core.family_counts/families_of_patents": [
        "update core.family_counts set families = patents + 1 where dimension = 'country'"
    ],
    "marts.families/years_sum_to_scope": [
        "update marts.families set families = families + 1 where dimension = 'year'"
    ],
    "core.option_members/no_member_above_scope": [
        "update core.option_members set patents = 1e6 where dimension = 'country' and choice = 'none'"
    ],
    "core.option_series/sums_within_scope": ["update core.option_series set patents = 1e6 where year = 2010"],
    "core.series_rates/every_year_accounted_for": ["update core.series_rates set years_skipped = 99"],
    "core.option_measures/shares_in_range": [
        "update core.option_measures set value = 1.5 where measure = 'partner_share'"
    ],
    "core.member_counts/none_below_zero": ["update core.member_counts set patents = -1 where member = 'SG'"],
    "marts.sensitivity_runs/value_or_reason": ["update marts.sensitivity_runs set reason = 'none'"],
    "marts.sensitivity/baseline_within_bounds": [
        f"update marts.sensitivity set maximum = minimum - 1 where {SOME_SCOPE}"
    ],
    "core.distinct_sets/sets_are_countries": ["update core.distinct_sets set publications = 0"],
    "marts.affinity/sides_meet_patents": ["update marts.affinity set patents = 1 where country = 'SG'"],
    "marts.affinity/strengths_in_range": ["update marts.affinity set salton = 1.2 where country = 'SG'"],
    "marts.specialisation/expected_meets_patents": [f"delete from marts.specialisation where {SOME_SCOPE}"],
    "marts.likeness/correlation_in_range": ["update marts.likeness set rank_correlation = 1.5"],
    "marts.field_likeness/correlation_in_range": [
        f"update marts.field_likeness set first_nine_shared = 10 where {SOME_SCOPE}"
    ],
    "core.scope_fields/sums_within_scope": [
        f"update core.scope_fields set publications = 1e6 where {SOME_SCOPE}"
    ],
    "marts.measures/numbers_are_finite": [
        "update marts.measures set value = 'nan' where measure = 'summary.hits'"
    ],
    "marts.measures/totals_meet": [
        "update marts.measures set value = value + 1 where measure = 'by_year.patents' and member = '2010'"
    ],
    "marts.reproduction/every_invariant_is_checked": [
        "update marts.reproduction set invariant = 'V13' where digits = 5"
    ],
    "marts.reproduction/paper_v01": reproduction_fault("summary.hits"),
    "marts.reproduction/paper_v02": reproduction_fault("summary.countries_searched"),
    "marts.reproduction/paper_v03": reproduction_fault("by_region.countries", member="CIS"),
    "marts.reproduction/paper_v04": reproduction_fault("by_country.patents", member="HU"),
    "marts.reproduction/paper_v05": reproduction_fault("by_country.after_patents", member="10"),
    "marts.reproduction/paper_v06": reproduction_fault("by_province.patents", member="CN-SC"),
    "marts.reproduction/paper_v07": reproduction_fault("by_country.patents", "CN-JS", "PL"),
    "marts.reproduction/paper_v08": reproduction_fault("by_field.paper.patents", "CN-JS", "Illumination"),
    "marts.reproduction/paper_v09": reproduction_fault("stages.study.patents", "CN-JS", "2"),
    "marts.reproduction/paper_v10": reproduction_fault("scopes.share", "CN-JS"),
    "marts.reproduction/paper_v11": reproduction_fault("by_country.top_share", "CN", "5"),
    "marts.reproduction/paper_v12": reproduction_fault("by_region.patents", "CN-JS", "East Asia"),
    "marts.reproduction/paper_growth": reproduction_fault("growth.mean_yearly_rate", "CN-JS"),
    "marts.reproduction/paper_concentration": reproduction_fault("concentration.country.hhi", "CN-JS"),
    "marts.reproduction/paper_specialisation": reproduction_fault("specialisation.rta", "CN-JS", "PH"),
    "marts.claim_values/numbers_found": [
        "delete from marts.measures where measure = 'growth.mean_yearly_rate'",
        "rebuild marts.claim_values",
    ],
    "marts.claim_values/shares_like_paper": claim_fault(
        "set value = value + 60 where measure = 'by_country.patents' and scope = 'CN' and member = 'SG'"
    ),
    "marts.claim_values/ranks_like_paper": claim_fault(
        "set value = 660 where measure = 'by_country.patents' and scope = 'CN' and member = 'MY'"
    ),
    "marts.paper_claims/every_claim_judged": ["delete from marts.paper_claims where claim_id = 'C48'"],
    "marts.paper_claims/audit_holds": [
        "update marts.measures set value = 664 "
        "where measure = 'by_country.patents' and scope = 'CN' and member = 'SG'",
        "rebuild marts.claim_values",
        "rebuild marts.paper_claims",
        "delete from marts.paper_claims where claim_id in ('C41', 'C49', 'C51', 'C56')",
    ],
}


# What these hits do not have: several fields a patent, and publications that are no hits.
PREPARED = {
    "marts.paper_claims/audit_holds": [
        "delete from marts.paper_claims where claim_id in ('C41', 'C49', 'C51', 'C56')"
    ]
}


def faults_of(check: Check) -> list[str]:
    """Faults for the checks of a header follow from their name."""
    table = check.table
    if check.path is not None or check.id in FAULTS:
        return FAULTS[check.id]
    if check.name.startswith("unique_"):
        return [f"insert into {table} select * from {table} limit 1"]
    column = check.name.removeprefix("not_null_")
    return [f"update {table} set {column} = null where rowid = (select min(rowid) from {table})"]


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_check_fails_on_a_planted_fault(
    check: Check, paper: duckdb.DuckDBPyConnection, models: dict[str, Model]
) -> None:
    for preparation in PREPARED.get(check.id, []):
        paper.execute(preparation)
    before = run_check(paper, check)
    assert before.passed, before.sample
    for fault in faults_of(check):
        if fault.startswith("rebuild "):
            build_model(paper, models[fault.removeprefix("rebuild ")])
        else:
            paper.execute(fault)
    after = run_check(paper, check)
    assert not after.passed
    assert after.failing_rows >= len(after.sample) > 0


def test_no_fault_is_left_over() -> None:
    in_files = {check.id for check in CHECKS.values() if check.path is not None}
    assert in_files <= FAULTS.keys() <= CHECKS.keys()


def test_every_core_table_and_mart_has_a_check_of_its_own() -> None:
    tables = {check.table for check in CHECKS.values() if check.path is not None}
    assert {name for name, model in MODELS.items() if model.schema in ("core", "marts")} <= tables


@pytest.mark.parametrize("landed", [True, False])
def test_paper_checks_apply_only_when_everything_has_landed(
    paper: duckdb.DuckDBPyConnection, models: dict[str, Model], landed: bool
) -> None:
    paper.execute("update lake.partitions set landed = ? where country = 'SG' and year = 2001", [landed])
    paper.execute("update marts.measures set value = 1 where measure = 'summary.hits'")
    for name in ("raw.country_years", "marts.summary", "marts.reproduction"):
        build_model(paper, models[name])
    outcome = run_check(paper, CHECKS["marts.reproduction/paper_v01"])
    assert outcome.passed is not landed
    if landed:
        assert [(row["expected"], row["found"]) for row in outcome.sample] == [(1751, 1)]
