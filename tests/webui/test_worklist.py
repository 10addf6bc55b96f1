"""The worklist: who has what, and changing that."""

from __future__ import annotations

from browsing import Web, words


def test_a_task_is_taken_and_given_back(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    web.report()
    task = web.task(officer, "record_site_visit")
    browser = web.sign_in(officer)

    unassigned = browser.get_page("/worklist?show=unassigned")
    taken = browser.post(f"/tasks/{task.id}/claim")
    mine = browser.get_page("/worklist")
    given_back = browser.post(f"/tasks/{task.id}/release")

    assert "Record the site visit" in words(unassigned)
    assert "You have taken this task" in words(taken)
    assert "Enforcement officer: Ann Bell" in words(mine)
    assert "is back with your team" in words(given_back)


def test_a_manager_reassigns_a_task_to_somebody_who_may_do_it(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    web.hire("legal", "Lee Moss")
    manager = web.hire("manager", "Max Field")
    web.report()
    path = f"/tasks/{web.task(officer, 'record_site_visit').id}/reassign"
    browser = web.sign_in(manager)

    page = browser.get_page(path)
    refused = browser.post(path, {}, status=400)
    done = browser.post(path, {"to": officer.id})

    names = [words(label) for label in page.select(".govuk-radios__label")]
    assert names == ["Ann Bell", "Max Field"]
    assert "Select who should do this task" in words(refused)
    assert "Enforcement officer: Ann Bell" in words(done)


def test_an_officer_may_not_reassign(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    web.report()
    browser = web.sign_in(officer)
    path = f"/tasks/{web.task(officer, 'record_site_visit').id}/reassign"
    browser.get_page("/worklist")

    browser.post(path, {"to": officer.id}, status=403)


def test_work_for_other_roles_is_not_on_the_worklist(web: Web) -> None:
    web.report()

    page = web.sign_in(web.hire("legal", "Lee Moss")).get_page("/worklist?show=team")

    assert "There are no tasks here" in words(page)


def test_a_long_list_has_pages(web: Web) -> None:
    for _ in range(21):
        web.report()
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    first = browser.get_page("/worklist?show=team")
    second = browser.get_page("/worklist?show=team&page=2")

    assert len(first.select(".app-row")) == 20
    assert len(second.select(".app-row")) == 1
    assert second.select_one("a[rel=prev]")["href"].endswith("show=team&page=1") or (
        second.select_one("a[rel=prev]")["href"].endswith("page=1&show=team")
    )


def test_a_list_of_that_name_must_exist(web: Web) -> None:
    web.sign_in(web.hire("officer", "Ann Bell")).get_page("/worklist?show=x", 404)
