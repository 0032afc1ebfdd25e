"""The house as a browser sees it: real static files, the strict policy, nothing from elsewhere."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_a_page_loads_with_hashed_files_from_this_host_and_an_empty_console(
    live_server: Any, page: Any, path: str
) -> None:
    console: list[str] = []
    answers: dict[str, int] = {}
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.on("response", lambda answer: answers.update({answer.url: answer.status}))
    page.goto(live_server.url + path)
    page.wait_for_load_state("networkidle")
    assert console == []
    assert {url: status for url, status in answers.items() if status >= 400} == {}
    assert [url for url in answers if not url.startswith((live_server.url, "data:"))] == []
    sheets = page.eval_on_selector_all("link[rel=stylesheet]", "links => links.map(link => link.href)")
    assert len(sheets) > 0
    assert all(len(url.split("/")[-1].split(".")) >= 3 for url in sheets)  # name.hash.css
    assert page.evaluate("document.documentElement.lang") == "az"
