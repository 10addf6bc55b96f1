"""Every period of law and policy is there, and gives the dates that the law gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import (
    DefinitionError,
    ExpressionError,
    NotFound,
    NotInForce,
    UnknownPeriod,
)
from engine.law import periods
from engine.law.dates import RULES, BadDate, DateOutOfRange, Deadline
from engine.law.periods import CouncilPeriods

LAW = (
    "pcn_response pcn_representations_offer s330_response lgmpa_s16_response "
    "entry_dwelling_notice warrant_validity ewn_application_period "
    "en_service_after_issue en_min_before_effect en_compliance_period "
    "en_withdraw_or_relax bcn_compliance_min bcn_judicial_review sn_earliest_effect "
    "sn_latest_effect sn_window sn_cease sn_lookback_bar sn_compensation_claim "
    "tsn_duration tsn_repeat_bar tsn_lookback_bar lb_tsn_duration "
    "lben_service_after_issue lben_min_before_effect urgent_works_notice "
    "s215_effect_min s215_appeal immunity_general_england immunity_legacy_operational "
    "immunity_legacy_dwelling immunity_condition_other "
    "immunity_none_relevant_demolition immunity_none_listed_building second_bite "
    "bcn_after_en peo_application peo_start_delay peo_enforcement_year "
    "imminent_immunity_flag en_appeal_deadline en_appeal_pins_contact_grace "
    "lben_appeal_deadline en_appeal_facts lpa_send_en_copy deemed_application_fee "
    "ground_a_bar appeal_undue_delay appeal_questionnaire appeal_statement "
    "appeal_final_comments hearing_date hearing_notice hearing_newspaper_notice "
    "inquiry_outline_statement inquiry_proofs inquiry_date_target inquiry_site_notice "
    "costs_application_wr costs_application_hearing_inquiry "
    "costs_application_withdrawal costs_site_visit_conduct high_court_s289 "
    "high_court_s288 cleud_appeal s78_with_en decline_retrospective "
    "pros_summary_general pros_pcn_noncompliance pros_pcn_false_statement pros_bcn "
    "pros_tpo_minor pros_tpo_minor_longstop pros_advert direct_action_en "
    "wid_removed_materials poca_lifestyle_period poca_time_to_pay "
    "tree_notice_service_limit tree_notice_effect_min s211_notice s211_notice_lapse "
    "tpo_dead_tree_notice hedgerow_removal_notice hedgerow_removal_window "
    "hedgerow_appeal hedgerow_replacement_importance advert_removal_placard "
    "advert_structure_removal advert_action_notice defacement_notice "
    "street_furniture_notice advert_discontinuance_effect injunction_s187b "
    "register_entry register_removal"
).split()

STANDARDS = (
    "validate_report acknowledge_report visit_priority_1 visit_priority_2 "
    "visit_priority_3 desktop_checks consult_specialists score_harm decide_outcome "
    "second_signature expediency_record authorise_action committee_decision "
    "legal_check draft_notice serve_documents voluntary_remedy "
    "retrospective_application certificate_application application_decision "
    "tell_complainant close_case land_registry_search record_service "
    "compliance_visit no_appeal_check discharge_notice appeal_acknowledge "
    "appeal_case_work appeal_outcome prosecution_review prosecution_file "
    "lay_information record_hearing consider_confiscation schedule_of_works "
    "appoint_contractor notice_of_entry works_supervision recover_costs "
    "charge_on_land review_pause formal_action initiate_action_priority_2 "
    "initiate_action_priority_3 escalation_response imminent_immunity_flag "
    "initial_response member_enquiry_response proposed_action follow_up_action "
    "case_closure"
).split()

FILES = periods.load()
MALDON = FILES.for_council("maldon")
ANY_DAY = st.dates(date(2013, 1, 1), date(2027, 6, 30))


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(key: str, trigger: str, council: CouncilPeriods = MALDON) -> str:
    found = council.deadline(key, day(trigger))
    assert isinstance(found, Deadline)
    return found.isoformat()


def test_every_period_of_the_law_is_there() -> None:
    assert len(LAW) == len(set(LAW)) == 96
    assert set(LAW) <= set(MALDON.periods)


def test_every_service_standard_is_there() -> None:
    assert set(STANDARDS) <= set(MALDON.periods)
    assert not [key for key in STANDARDS if MALDON.period(key).statutory]


@pytest.mark.parametrize("key", sorted(MALDON.periods))
def test_every_period_says_where_it_comes_from_and_what_its_date_means(
    key: str,
) -> None:
    period = MALDON.period(key)
    assert period.title and period.group and period.section and period.trigger
    assert period.source
    assert all(source in MALDON.sources for source in period.source)
    assert period.date_is in ("last_day", "first_day")
    assert period.confidence
    assert period.statutory or period.confidence == "local_policy"
    assert period.rule not in ("event", "none", "condition") or period.reason


def test_every_source_says_what_of_it_was_seen() -> None:
    assert all(source.what and source.seen for source in MALDON.sources.values())


def test_all_fifteen_rules_are_in_use() -> None:
    assert {period.rule for period in MALDON.periods.values()} == set(RULES)


@pytest.mark.parametrize(
    ("key", "trigger", "expected"),
    [
        ("pcn_response", "2026-03-02", "2026-03-22"),
        ("bcn_compliance_min", "2026-03-02", "2026-03-29"),
        ("en_service_after_issue", "2026-03-02", "2026-03-30"),
        ("sn_earliest_effect", "2026-03-02", "2026-03-05"),
        ("sn_latest_effect", "2026-03-02", "2026-03-30"),
        ("immunity_legacy_operational", "2024-04-24", "2028-04-23"),
        ("appeal_questionnaire", "2026-09-07", "2026-09-21"),
        ("appeal_statement", "2026-09-07", "2026-10-19"),
        ("appeal_final_comments", "2026-09-07", "2026-11-09"),
        ("appeal_questionnaire", "2026-12-01", "2026-12-15"),
        ("appeal_statement", "2026-12-01", "2027-01-15"),
        ("appeal_final_comments", "2026-12-01", "2027-02-05"),
        ("inquiry_proofs", "2025-08-27", "2025-07-29"),
        ("inquiry_proofs", "2025-09-22", "2025-08-22"),
    ],
)
def test_the_published_examples_hold(key: str, trigger: str, expected: str) -> None:
    assert on(key, trigger) == expected


@pytest.mark.parametrize(
    ("key", "trigger", "expected", "date_is"),
    [
        ("s330_response", "2026-03-02", "2026-03-23", "last_day"),
        ("lgmpa_s16_response", "2026-03-02", "2026-03-15", "last_day"),
        ("warrant_validity", "2026-01-31", "2026-02-28", "last_day"),
        ("en_min_before_effect", "2026-03-02", "2026-03-31", "first_day"),
        ("lben_min_before_effect", "2026-03-02", "2026-03-31", "first_day"),
        ("urgent_works_notice", "2026-03-02", "2026-03-10", "first_day"),
        ("s215_effect_min", "2026-03-02", "2026-03-30", "first_day"),
        ("s215_appeal", "2026-03-30", "2026-03-29", "last_day"),
        ("sn_window", "2026-03-30", "2026-03-29", "last_day"),
        ("bcn_judicial_review", "2026-03-02", "2026-04-13", "last_day"),
        ("sn_lookback_bar", "2026-03-02", "2022-03-03", "first_day"),
        ("tsn_lookback_bar", "2026-03-02", "2022-03-03", "first_day"),
        ("sn_compensation_claim", "2010-06-08", "2011-06-08", "last_day"),
        ("immunity_general_england", "2024-04-25", "2034-04-24", "last_day"),
        ("immunity_condition_other", "2020-01-01", "2029-12-31", "last_day"),
        ("second_bite", "2026-03-02", "2030-03-01", "last_day"),
        ("peo_application", "2026-08-31", "2027-02-27", "last_day"),
        ("peo_start_delay", "2026-03-02", "2026-03-23", "last_day"),
        ("peo_enforcement_year", "2026-03-24", "2027-03-23", "last_day"),
        ("imminent_immunity_flag", "2028-04-23", "2027-10-23", "first_day"),
        ("en_appeal_deadline", "2026-03-30", "2026-03-29", "last_day"),
        ("en_appeal_pins_contact_grace", "2026-03-30", "2026-04-05", "last_day"),
        ("lben_appeal_deadline", "2026-03-01", "2026-02-28", "last_day"),
        ("en_appeal_facts", "2026-03-02", "2026-03-16", "last_day"),
        ("lpa_send_en_copy", "2026-03-02", "2026-03-16", "last_day"),
        ("ground_a_bar", "2024-02-29", "2026-02-28", "last_day"),
        ("hearing_date", "2026-03-02", "2026-05-25", "last_day"),
        ("hearing_notice", "2026-06-30", "2026-06-02", "last_day"),
        ("hearing_newspaper_notice", "2026-06-30", "2026-06-16", "last_day"),
        ("inquiry_outline_statement", "2026-03-02", "2026-04-27", "last_day"),
        ("inquiry_date_target", "2026-03-02", "2026-07-20", "last_day"),
        ("costs_application_withdrawal", "2026-03-02", "2026-03-30", "last_day"),
        ("costs_site_visit_conduct", "2026-03-02", "2026-03-09", "last_day"),
        ("high_court_s289", "2026-03-02", "2026-03-30", "last_day"),
        ("high_court_s288", "2026-03-02", "2026-04-13", "last_day"),
        ("s78_with_en", "2026-03-02", "2026-03-30", "last_day"),
        ("pros_summary_general", "2026-08-31", "2027-02-28", "last_day"),
        ("pros_tpo_minor", "2026-03-02", "2026-09-01", "last_day"),
        ("pros_tpo_minor_longstop", "2024-02-29", "2027-02-28", "last_day"),
        ("direct_action_en", "2026-05-31", "2026-06-01", "first_day"),
        ("wid_removed_materials", "2026-03-02", "2026-03-05", "last_day"),
        ("poca_time_to_pay", "2026-11-30", "2027-02-28", "last_day"),
        ("tree_notice_service_limit", "2024-02-29", "2028-02-29", "last_day"),
        ("tree_notice_effect_min", "2026-03-02", "2026-03-29", "last_day"),
        ("s211_notice", "2026-03-02", "2026-04-13", "last_day"),
        ("tpo_dead_tree_notice", "2026-04-09", "2026-03-31", "last_day"),
        ("hedgerow_removal_notice", "2026-03-02", "2026-04-12", "last_day"),
        ("hedgerow_replacement_importance", "2026-03-02", "2056-03-01", "last_day"),
        ("advert_removal_placard", "2026-03-02", "2026-03-04", "last_day"),
        ("advert_structure_removal", "2026-03-02", "2026-03-23", "last_day"),
        ("advert_action_notice", "2026-03-02", "2026-03-29", "last_day"),
        ("defacement_notice", "2026-03-02", "2026-03-16", "last_day"),
        ("advert_discontinuance_effect", "2026-03-02", "2026-04-27", "first_day"),
        ("register_entry", "2026-12-24", "2027-01-07", "last_day"),
        ("visit_priority_1", "2026-04-02", "2026-04-08", "last_day"),
        ("acknowledge_report", "2026-03-02", "2026-03-09", "last_day"),
        ("no_appeal_check", "2026-03-31", "2026-04-07", "first_day"),
        ("compliance_visit", "2026-05-31", "2026-06-01", "first_day"),
        ("compliance_visit", "2026-04-02", "2026-04-07", "first_day"),
    ],
)
def test_each_period_gives_its_date(
    key: str, trigger: str, expected: str, date_is: str
) -> None:
    found = MALDON.deadline(key, day(trigger))
    assert isinstance(found, Deadline)
    assert found.isoformat() == expected
    assert found.date_is == date_is
    assert found.key == key
    assert found.trigger == day(trigger)


@pytest.mark.parametrize("key", sorted(MALDON.periods))
@pytest.mark.parametrize("trigger", ["2024-04-24", "2024-02-29", "2026-12-31"])
def test_a_deadline_and_its_explanation_never_disagree(key: str, trigger: str) -> None:
    try:
        found = MALDON.deadline(key, day(trigger))
    except NotInForce:
        with pytest.raises(NotInForce):
            MALDON.explain(key, day(trigger))
        return
    explained = MALDON.explain(key, day(trigger))
    if MALDON.period(key).rule != "as_specified":
        assert explained.date == found
    assert explained.lines


@pytest.mark.parametrize(
    "key", [key for key in LAW if MALDON.period(key).rule in ("event", "none")]
)
def test_without_arithmetic_there_is_no_date_and_a_reason(key: str) -> None:
    assert MALDON.deadline(key, day("2026-03-02")) is None
    explained = MALDON.explain(key, day("2026-03-02"))
    assert explained.date is None
    assert any("no arithmetic" in line for line in explained.lines)


def test_a_date_written_in_a_notice_is_given_back() -> None:
    found = MALDON.deadline("en_compliance_period", day("2026-05-31"))
    assert found == day("2026-05-31")
    assert periods.fires_at(day("2026-05-31")) == datetime(2026, 5, 31, 23, tzinfo=UTC)
    assert MALDON.explain("en_compliance_period", day("2026-05-31")).date is None


def test_a_length_written_in_a_notice_is_counted() -> None:
    found = MALDON.deadline(
        "en_compliance_period", day("2026-11-30"), length=3, unit="months"
    )
    assert found == day("2027-02-28")


def test_a_temporary_stop_notice_lasts_as_long_as_the_law_of_its_day() -> None:
    assert on("tsn_duration", "2024-04-24") == "2024-05-21"
    assert on("tsn_duration", "2024-04-25") == "2024-06-19"
    assert on("tsn_duration", "2026-03-02") == "2026-04-26"


@pytest.mark.parametrize(
    ("key", "trigger", "sentence"),
    [
        ("ewn_application_period", "2024-04-24", "only since 25 April 2024"),
        ("lb_tsn_duration", "2024-04-24", "only since 25 April 2024"),
        ("peo_application", "2012-04-05", "only since 6 April 2012"),
        ("immunity_legacy_operational", "2024-04-25", "since then it is ten years"),
        ("immunity_legacy_dwelling", "2024-04-25", "since then it is ten years"),
    ],
)
def test_what_was_not_in_force_on_the_day_is_refused_with_a_sentence(
    key: str, trigger: str, sentence: str
) -> None:
    for ask in (MALDON.deadline, MALDON.explain):
        with pytest.raises(NotInForce, match=sentence):
            ask(key, day(trigger))


def test_the_first_day_in_force_counts() -> None:
    assert on("lb_tsn_duration", "2024-04-25") == "2024-06-19"
    assert on("peo_application", "2012-04-06") == "2012-10-05"


def test_hours_give_a_moment() -> None:
    given_at = datetime.fromisoformat("2026-03-28T10:00:00+00:00")
    found = MALDON.deadline("entry_dwelling_notice", given_at)
    assert found == datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert periods.fires_at(datetime(2026, 3, 29, 10, tzinfo=UTC)) == found


def test_a_moment_counts_by_its_day_in_london() -> None:
    served_at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert MALDON.deadline("pcn_response", served_at) == day("2026-06-22")


@pytest.mark.parametrize(
    ("key", "trigger", "expected"),
    [
        ("pcn_response", "2026-03-02", "2026-03-23T00:00:00+00:00"),
        ("pcn_response", "2026-03-09", "2026-03-29T23:00:00+00:00"),
        ("pcn_response", "2026-10-05", "2026-10-26T00:00:00+00:00"),
        ("en_min_before_effect", "2026-03-02", "2026-03-30T23:00:00+00:00"),
        ("register_entry", "2026-12-17", "2027-01-01T00:00:00+00:00"),
    ],
)
def test_a_timer_fires_when_the_last_day_is_over_or_the_first_begins(
    key: str, trigger: str, expected: str
) -> None:
    found = MALDON.deadline(key, day(trigger))
    assert found is not None
    assert periods.fires_at(found) == datetime.fromisoformat(expected)


def test_a_plain_date_is_a_last_day() -> None:
    assert periods.fires_at(day("2026-03-22")) == datetime(2026, 3, 23, tzinfo=UTC)


def test_without_a_trigger_there_is_no_deadline() -> None:
    assert MALDON.deadline("pcn_response", None) is None


def test_an_unknown_period_is_refused_with_near_matches() -> None:
    with pytest.raises(UnknownPeriod, match="Did you mean pcn_response"):
        MALDON.deadline("pcn_respons", day("2026-03-02"))
    with pytest.raises(UnknownPeriod, match="appeal_statement"):
        MALDON.ask("statement", "2026-03-02")
    with pytest.raises(UnknownPeriod, match=r"periods.yaml lists them all"):
        MALDON.ask("zzz", "2026-03-02")


def test_a_bad_date_is_refused_in_plain_words() -> None:
    with pytest.raises(BadDate, match="is not a date"):
        MALDON.ask("pcn_response", "yesterday")
    with pytest.raises(DateOutOfRange, match="too far away"):
        MALDON.ask("pcn_response", "9999-12-31")
    with pytest.raises(DateOutOfRange):
        MALDON.ask("pcn_response", "0202-03-02")
    with pytest.raises(ExpressionError, match="needs a date"):
        MALDON.deadline("pcn_response", "2026-03-02")  # type: ignore[arg-type]


def test_a_pause_extends_a_local_target_only() -> None:
    pauses = [{"from_on": day("2026-03-04"), "to_on": day("2026-03-11")}]
    assert MALDON.deadline("visit_priority_2", day("2026-03-02"), pauses=pauses) == day(
        "2026-03-30"
    )
    assert MALDON.deadline("pcn_response", day("2026-03-02"), pauses=pauses) == day(
        "2026-03-22"
    )
    assert MALDON.deadline("voluntary_remedy", day("2026-03-02"), pauses=pauses) == day(
        "2026-04-06"
    )


def test_a_pause_that_has_not_ended_changes_nothing_yet() -> None:
    pauses = [{"from_on": day("2026-03-04"), "to_on": None}]
    found = MALDON.deadline("visit_priority_2", day("2026-03-02"), pauses=pauses)
    assert found == day("2026-03-23")


def test_the_earlier_of_two_readings_is_the_one_to_alert_on() -> None:
    found = MALDON.deadline("appeal_statement", day("2026-12-01"))
    assert isinstance(found, Deadline)
    assert found == day("2027-01-15")
    assert found.alert_on == day("2027-01-12")
    proofs = MALDON.deadline("inquiry_proofs", day("2025-09-22"))
    assert isinstance(proofs, Deadline)
    assert proofs.alert_on == proofs


@pytest.mark.parametrize("step", ["questionnaire", "statement", "final_comments"])
def test_the_early_warning_is_the_earlier_reading(step: str) -> None:
    for start in ("2026-09-07", "2026-12-01"):
        found = MALDON.deadline(f"appeal_{step}", day(start))
        assert isinstance(found, Deadline)
        assert MALDON.deadline(f"appeal_{step}_alert", day(start)) == found.alert_on


def test_councils_have_their_own_targets() -> None:
    three = FILES.for_council("three_category_council")
    two = FILES.for_council("two_priority_council")
    herts = FILES.for_council("east_herts")
    assert on("visit_priority_2", "2026-03-02") == "2026-03-23"
    assert on("visit_priority_2", "2026-03-02", three) == "2026-03-16"
    assert on("visit_priority_2", "2026-03-02", two) == "2026-03-09"
    assert on("visit_priority_1", "2026-03-02", two) == "2026-03-02"
    assert on("visit_priority_1", "2026-03-07", two) == "2026-03-09"
    assert on("acknowledge_report", "2026-03-02", herts) == "2026-03-04"
    assert on("pcn_response", "2026-03-02", herts) == "2026-03-22"


def test_councils_have_their_own_standing_orders_and_settings() -> None:
    assert MALDON.title == "Maldon District Council"
    assert MALDON.authority_for("enforcement_notice") == "authorising_officer"
    assert MALDON.authority_for("direct_action") == "committee"
    assert MALDON.authority_for("something_else") == "committee"
    assert MALDON.setting("harm_matrix") is True
    assert MALDON.setting("councillor_reports_urgent") is False
    assert FILES.for_council("two_priority_council").setting("harm_matrix") is False
    for name in FILES.councils:
        assert FILES.for_council(name).setting("nppf_paragraph")
    assert MALDON.setting("unheard_of", "otherwise") == "otherwise"


def test_an_unknown_council_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(NotFound, match="east_herts, maldon"):
        FILES.for_council("atlantis")


def test_without_a_council_the_common_targets_hold() -> None:
    assert on("visit_priority_2", "2026-03-02", FILES.for_council()) == "2026-03-23"


@given(st.sampled_from(sorted(MALDON.periods)), ANY_DAY, ANY_DAY)
def test_a_later_trigger_never_gives_an_earlier_date_under_the_same_law(
    key: str, one: date, other: date
) -> None:
    early, late = sorted((one, other))
    period = MALDON.period(key)
    version = period.version_on(early)
    bulk = any(reading.calendar == "inspectorate" for reading in period.readings)
    if version is None or version is not period.version_on(late) or bulk:
        return
    first, second = MALDON.deadline(key, early), MALDON.deadline(key, late)
    if first is not None and second is not None:
        assert first <= second


# What a manager's slip in the file leads to

GOOD = """
sources:
  act: {what: An Act, where: a shelf, version: "1990", kind: primary, seen: all}
statutory:
  reply:
    title: Reply
    group: Replies
    section: s1
    trigger: the day of service
    rule: beginning_with
    date_is: last_day
    source: [act]
    confidence: verified
    versions: [{length: 21, unit: calendar_days}]
service_standards: {}
"""


def refused(text: str, council: str | None = None) -> str:
    files = {"periods.yaml": text.encode()}
    if council is not None:
        files["councils/here/council.yaml"] = council.encode()
    with pytest.raises(DefinitionError) as caught:
        periods.parse(files)
    assert all(p.file and p.problem and p.remedy for p in caught.value.problems)
    return str(caught.value)


def test_a_good_file_is_read() -> None:
    found = periods.parse({"periods.yaml": GOOD.encode()})
    assert found.for_council().deadline("reply", day("2026-03-02")) == day("2026-03-22")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("length: 21", "length: soon", "“soon”"),
        ("length: 21", "length: -1", "“-1”"),
        ("length: 21", "length: 1000000", "1000000"),
        ("calendar_days", "fortnights", "“fortnights”"),
        ("beginning_with", "about", "the rule “about”"),
        ("last_day", "some_day", "the date_is “some_day”"),
        ("[act]", "[hearsay]", "“hearsay”"),
        ("[act]", "act_of_1990", "“act_of_1990”"),
        ("    section: s1\n", "", "has no section"),
        ("    section: s1\n", "    sektion: s1\n", "unknown field “sektion”"),
        ("versions: [{length: 21, unit: calendar_days}]", "versions: []", "versions"),
        ("[{length: 21, unit: calendar_days}]", "[21]", "not written as a length"),
        ("[{length: 21, unit: calendar_days}]", "[{}]", "without a length"),
        (
            "[{length: 21, unit: calendar_days}]",
            "[{from: soon, length: 21, unit: calendar_days}]",
            "“soon”",
        ),
        (
            "[{length: 21, unit: calendar_days}]",
            "[{length: 21, unit: weeks}, {length: 22, unit: weeks}]",
            "two versions for the same day",
        ),
        ("  reply:\n", "  reply: {}\n  reply:\n", "“reply” twice"),
        ("statutory:\n", "statutory: [\n", "not written as YAML"),
        ("statutory:\n  reply:", "statutory:\n  - reply:", "not a list of names"),
        ("service_standards: {}", "service_standards: [1]", "service_standards"),
        ("confidence: verified", "confidence: sure", "“sure”"),
    ],
)
def test_a_slip_in_the_file_is_refused_with_its_place(
    old: str, new: str, said: str
) -> None:
    assert old in GOOD
    assert said in refused(GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("targets: {visits: {length: 1, unit: weeks}}", "not a service standard"),
        ("targets: {reply: {length: 1, unit: weeks}}", "set by law"),
        ("standing_orders: {prosecution: mayor}", "“mayor” cannot authorise"),
        ("target: {}", "not a section"),
        ("- a list", "no named sections"),
    ],
)
def test_a_slip_in_a_councils_file_is_refused(text: str, said: str) -> None:
    assert said in refused(GOOD, text)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"periods.yaml"):
        periods.load(tmp_path)
