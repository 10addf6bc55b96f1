"""The whole way of a change: a second site visit is added, and taken back again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC

import drawing_by_hand as by_hand
import pytest
import small_office as small
from apscheduler.schedulers.background import BackgroundScheduler
from browsing import SECRET
from copying import copied
from playwright.sync_api import Page, expect
from telling import choose
from visiting import Site, Visitor

import engine
from engine import library
from engine.rehearsing import scenarios, stories
from webui import create_app
from webui.config import Config

WAY = "scenarios/three_breaches_three_outcomes.yaml"
TOLD = {WAY} | {
    f"scenarios/{name}.yaml" for name in ("reported_before", "harm_below_the_threshold")
}
BEFORE_THE_VISIT, BEFORE_THE_REVIEW = 13, 21
FLOW = "what_is_still_needed_to_record_site_visit"
ADDED, NAME = "arrange_the_second_site_visit", "Arrange the second site visit"
ARRANGED = "The owner opens the gate at ten."
FAILED = re.compile(r"stories told, \d+ failed")
PATIENCE = 60_000


@dataclass(frozen=True)
class Show:
    """200 running cases, and whoever has to do with the change."""

    site: Site
    manager: Visitor
    reviewer: Visitor
    officer: Visitor
    ann: engine.Officer
    reviewed: str
    """The case of Ann's whose evidence is to be reviewed; the others are Olive's."""
    copied: str
    """One of Olive's."""
    ticker: BackgroundScheduler


@pytest.fixture
def show(
    serve: Callable[..., Site],
    new_sqlite: Callable[[], str],
    shipped_files: dict[str, bytes],
) -> Iterator[Show]:
    """Maldon at work on the shipped procedure, with few of its stories."""
    clock = scenarios.StoryClock()
    config = Config(secret_key=SECRET, database_url=new_sqlite(), is_secure=False)
    site = serve(create_app(config, clock=clock))
    files = library.of_council(shipped_files, "maldon")
    files = {n: files[n] for n in files if "scenarios/" not in n or n in TOLD}
    story = replace(stories.read(WAY, files[WAY]), ends="")
    clock.begin_at(story.starts_at)
    site.office.casework.add_council("maldon")
    site.office.casework.publish_all(files, "maldon", note="The procedure so far")
    ann = site.hire("officer", "Ann Bell")
    people = {("maldon", "officer", 1): ann}
    cast = scenarios.Cast(site.office, people=people)
    visited, reviewed = (
        scenarios.tell(story, site.office, clock, cast=cast, until_step=step)
        for step in (BEFORE_THE_VISIT, BEFORE_THE_REVIEW)
    )
    olive = site.hire("officer", "Olive Marsh")
    copied(site.office, visited, 2, officer=olive.id)
    copied(site.office, reviewed, 196, officer=olive.id)
    names = (("manager", "Max Field"), ("manager", "Mia Fenn"))
    managers = [sign_in(site, site.hire(role, name)) for role, name in names]
    number = int(reviewed.rpartition("/")[2]) * 1_000
    ticker = BackgroundScheduler(timezone=UTC)
    ticker.add_job(site.office.carry_on, "interval", seconds=1, max_instances=1)
    ticker.start()
    one = f"ENF/2026/{number}"
    expect.set_options(timeout=PATIENCE)
    yield Show(site, *managers, sign_in(site, ann), ann, reviewed, one, ticker)
    expect.set_options(timeout=None)
    ticker.shutdown()


def sign_in(site: Site, person: engine.Officer) -> Visitor:
    """Somebody at a browser of their own, with patience."""
    visitor = site.visit()
    visitor.page.set_default_timeout(PATIENCE)
    visitor.sign_in(person.username)
    return visitor


def test_a_second_site_visit_is_added_moved_to_and_taken_back(show: Show) -> None:
    page = show.manager.page
    begin(show.manager)
    add_standard(page)
    draw_step(page)
    ask_two_questions(page)
    tell_stories(page)
    expect(page.get_by_text(FAILED)).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile(f"{ADDED}|{NAME}"))
    answer_in_stories(page)
    expect(page.get_by_text(FAILED)).to_have_count(0)
    compare(show.manager)
    send_and_approve(show)
    publish(page)

    show.officer.go("/worklist").get_by_role("link", name="Review the evidence").click()
    move_cases(show)
    ask_for_another_visit(show)
    complete_new_step(show)
    see_the_heat(show)
    roll_back(show)
    for visitor in (show.manager, show.reviewer, show.officer):
        assert not visitor.troubles


# A manager changes the procedure


def begin(visitor: Visitor) -> None:
    """Start a draft."""
    page = visitor.go("/studio")
    page.get_by_role("button", name="Change the procedure").click()
    page.get_by_label("What is the change called?").fill("Second site visit")
    page.get_by_label("What changes, and why?").fill(
        "A second visit is arranged with the owner, within ten working days. "
        " One target for the first visit is enough."
    )
    page.get_by_role("button", name="Start the change").click()
    page.get_by_role("link", name="1. Change").click()


def add_standard(page: Page) -> None:
    """A service standard of ten working days."""
    page.get_by_role("link", name="Periods and service standards").click()
    page.get_by_role("link", name="New service standard").click()
    page.get_by_label("What is it called?").fill("Second site visit")
    page.get_by_label("Its key").fill("second_site_visit")
    page.get_by_label("Which day starts it?").fill("the day of the visit before")
    page.get_by_label("How long?").fill("10")
    page.get_by_label("Counted in").select_option("working days")
    page.get_by_label("How is it counted?").select_option("within_after")
    page.get_by_label("The last day to do it").check()
    page.get_by_label("Where has the council decided").fill("Policy, paragraph 4.2")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("is a service standard of this change")).to_be_visible()
    page.get_by_role("link", name="Back to the periods").click()
    page.get_by_role("link", name="Back to what is changed").click()


def draw_step(page: Page) -> None:
    """Draw the step on a flow; make two mistakes, and mend what is marked."""
    page.get_by_role("link", name="A diagram").click()
    page.get_by_role("link", name="A planning enforcement case").click()
    by_hand.open_editor(page)
    by_hand.find(page, "Another visit")
    piece = by_hand.middle(page, "[data-action='create.task-with-escalation']")
    by_hand.drag(page, piece, by_hand.on_flow(page, FLOW, 0.42))
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Role").select_option("Enforcement officer")
    page.get_by_label("Guidance for whoever does it").fill("Say whom you will meet.")
    by_hand.expect_to_mend(page, 3)
    x, y = by_hand.middle(page, f'[data-element-id="{ADDED}"] .djs-hit')
    by_hand.drag(page, (x, y), (x - 95, y + 150))
    type_a_number(page)
    name_the_period(page)
    take_a_target_out(page)
    page.get_by_role("button", name="New form").click()
    by_hand.expect_to_mend(page, 0)
    expect(page.locator(".app-mark")).to_have_count(0)


def type_a_number(page: Page) -> None:
    """The first mistake: days are typed. The second is there: no form yet."""
    page.get_by_role("button", name="The step is overdue").first.click()
    page.get_by_role("button", name="Write an expression instead").click()
    page.get_by_label("The date, as an expression").fill("today() + 10")
    problems = page.locator("#problems")
    expect(problems).to_contain_text("a period is named, never typed")
    expect(problems).to_contain_text(f"“{NAME}” has no form")
    for marked in ("The step is overdue", NAME):
        mark = page.get_by_role("button", name=f"1 thing to mend: {marked}")
        expect(mark).to_be_visible()


def name_the_period(page: Page) -> None:
    page.get_by_role("button", name="Clear it and choose from lists").click()
    by_hand.choose(page, "Choose a period", "second site visit")
    page.get_by_label("Counts from").select_option("visit_asked_on")
    by_hand.expect_to_mend(page, 1)


def take_a_target_out(page: Page) -> None:
    """One target is enough for the first visit."""
    by_hand.find(page, "Target of the first priority")
    by_hand.delete(page)
    by_hand.find(page, NAME)


def ask_two_questions(page: Page) -> None:
    """A second question joins the one of the new form."""
    page.get_by_role("button", name="Open the form").click()
    by_hand.drop_question(page, "datetime")
    panel = page.locator(".fjs-properties-container")
    panel.get_by_label("Question", exact=True).fill("Day of the second visit")
    expect(panel.get_by_label("Key")).to_have_value("day_second_visit")
    expect(page.locator("[data-shown]")).to_contain_text("Day of the second visit")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-status]")).to_have_text("Saved.")
    page.get_by_role("link", name="Back to what is changed").click()
    page.get_by_role("link", name="Back to the change").click()


def tell_stories(page: Page) -> None:
    """Have them told, and wait until they have been."""
    page.get_by_role("link", name="3. Rehearse").click()
    page.get_by_role("button", name="Tell the stories").click()
    expect_told(page)


def expect_told(page: Page) -> None:
    """Wait until every story has been told."""
    expect(page.get_by_text(f"{len(TOLD)} of {len(TOLD)} stories told")).to_be_visible()
    expect(page.locator("[data-going]")).to_have_count(0)


def answer_in_stories(page: Page) -> None:
    """The story that stops at the new step is told on; the manager answers once."""
    page.get_by_role("button", name="Answer it in these stories").click()
    page.locator(f"#{ADDED}_note").fill(ARRANGED)
    page.get_by_role("button", name="Answer it in 1 story").click()
    expect(page.get_by_text("The step now stands in 1 story")).to_be_visible()
    page.get_by_role("button", name="Rehearse again").click()
    expect_told(page)


def compare(visitor: Visitor) -> None:
    """What is new, in words."""
    page = visitor.page
    page.get_by_role("link", name="Back to the rehearsals").click()
    page.get_by_role("link", name="Back to the change").click()
    page.get_by_role("link", name="4. Compare").click()
    for said in (
        f"“{NAME}” is new, for the Enforcement officer",
        "“Target of the first priority passed” on “Visit the site and record it” is "
        "taken out",
        "“Second site visit” (‘second_site_visit’) is new: 10 working days",
    ):
        expect(page.locator("main")).to_contain_text(said)
    visitor.check()


def send_and_approve(show: Show) -> None:
    """Another manager reads it and agrees."""
    page = show.manager.page
    page.get_by_role("link", name="Back to the change").click()
    page.get_by_role("link", name="5. Review").click()
    page.get_by_role("button", name="Send for review").click()
    theirs = show.reviewer.go("/studio")
    theirs.get_by_role("link", name="Second site visit").click()
    theirs.get_by_role("link", name="5. Review").click()
    theirs.get_by_label("Your note").fill("As agreed.")
    theirs.get_by_role("button", name="Approve the change").click()
    expect(theirs.get_by_text("Approved by Mia Fenn")).to_be_visible()


def publish(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="6. Publish").click()
    page.get_by_label("Now", exact=True).check()
    page.get_by_role("button", name="Publish the change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release 2")


# Running cases


def move_cases(show: Show) -> None:
    """200 cases: three cannot move, and why. The open page moves the others."""
    page = show.manager.page
    page.get_by_role("button", name="Move running cases").click()
    page.get_by_role("button", name="Make a dry run").click()
    main = page.locator("main")
    expect(main).to_contain_text(
        "3 cases: They stand at “Visit the site and record it”, and the events on its "
        "edge have changed: “Target of the first priority passed” was taken away."
    )
    page.get_by_label("Why are these cases moved?").fill("It helps open cases too.")
    show.ticker.pause()
    page.get_by_role("button", name="Move 197 cases").click()
    expect(page.get_by_role("progressbar", name="of 197 cases done")).to_be_visible()
    expect(main).to_contain_text(re.compile(r"Moved\s*197 cases"))
    expect(page.locator("[data-going]")).to_have_count(0)
    show.ticker.resume()
    show.manager.check()


def ask_for_another_visit(show: Show) -> None:
    """On the page that was opened before the move; on a case of Olive's too."""
    page = show.officer.page
    page.locator("#evidence_summary").fill("More is to be seen.")
    choose(page, "evidence_next", "visit")
    page.get_by_role("button", name="Complete this task").click()
    expect(page.get_by_text("Completed by you")).to_be_visible()
    answers = {"evidence_summary": "More is to be seen.", "evidence_next": "visit"}
    small.do(show.site.office, show.copied, show.ann, "review_evidence", **answers)


def complete_new_step(show: Show) -> None:
    """The officer finds it on the worklist, sees why it is due, and does it."""
    page = show.officer.go("/worklist")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_text("Due 24 April 2026")).to_be_visible()
    page.get_by_text("Why this date").click()
    expect(page.get_by_text(re.compile("10 working days")).first).to_be_visible()
    show.officer.check()
    page.locator(f"#{ADDED}_note").fill(ARRANGED)
    for part, value in (("Day", 10), ("Month", 4), ("Year", 2026)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_role("button", name="Complete this task").click()
    expect(page.get_by_text("Completed by you")).to_be_visible()
    show.officer.go(f"/cases/{show.reviewed.replace('/', '-')}")
    expect(page.get_by_text("Moved to version 2")).to_be_visible()


def see_the_heat(show: Show) -> None:
    """One case stands at the new step: its number leads there."""
    page = show.manager.go("/studio/processes/enforcement/work")
    expect(page.locator(".app-count")).to_have_text(["4", "195", "1"])
    show.manager.check()
    page.get_by_role("link", name=f"1 case at {NAME}").first.click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("1 case")
    expect(page.locator("main")).to_contain_text(show.copied)


def roll_back(show: Show) -> None:
    """New cases have the step no more; the case that stands there goes on."""
    page = show.manager.go("/studio/releases")
    page.get_by_role("link", name="Release 1").click()
    page.get_by_role("button", name="Go back to this release").click()
    expect(page.get_by_text("Running cases stay on the version")).to_be_visible()
    page.get_by_label("Why do you go back?").fill("Nobody is free to visit twice.")
    page.get_by_role("button", name="Go back to release 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release 3")
    expect(page.get_by_text("the files of release 1 again")).to_be_visible()
    show.manager.check()
    office, step = show.site.office, f'[data-element-id="{ADDED}"]'
    for reference, count in ((show.site.report(), 0), (show.copied, 1)):
        instance = office.records.case(reference, show.ann).instances[0]
        show.manager.go(f"/diagrams/{instance.id}")
        expect(page.locator(".app-token").first).to_be_visible()
        expect(page.locator(f".djs-shape{step}")).to_have_count(count)
    task = small.task(office, show.copied, show.ann, ADDED)
    officer = show.officer.go(f"/tasks/{task.id}")
    expect(officer.get_by_text("Due 24 April 2026")).to_be_visible()
    expect(officer.get_by_text("Why this date")).to_be_visible()
