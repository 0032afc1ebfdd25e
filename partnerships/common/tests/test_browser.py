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


WORDS = ("Müraciət", "Universitetin təsdiqi", "Qiymətləndirmə") * 2
STEPS = "".join(f"<li class=done>{word}</li>" for word in WORDS)


FILL = """([name, html]) => {
  const main = document.querySelector("main");
  main.className = name;
  main.innerHTML = html;
}"""


def draw(page: Any, url: str, html: str, name: str = "") -> None:
    page.goto(f"{url}/accounts/login/")
    page.evaluate(FILL, [name, html])


@pytest.mark.parametrize("width", [390, 1360])
def test_a_name_of_two_hundred_letters_stays_on_the_page(live_server: Any, page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    draw(
        page, live_server.url, f"<div class=head><div><h1>{'Ə' * 200}</h1></div><div class=acts></div></div>"
    )
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().height") > 40
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_row_of_steps_fits_a_printed_page(live_server: Any, page: Any) -> None:
    draw(page, live_server.url, f"<ol class=steps>{STEPS}</ol>")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})  # A4 without its margins
    row, last = (page.locator(at).bounding_box() for at in (".steps", ".steps li:last-child"))
    assert last["x"] + last["width"] <= row["x"] + row["width"] + 0.5
    assert page.evaluate("document.documentElement.scrollWidth") == 672


def test_a_link_that_is_a_button_has_its_words_in_the_middle(live_server: Any, page: Any) -> None:
    draw(page, live_server.url, '<a class="btn btn-primary" href="/">Səhifə</a>', "plain")
    above, below = page.locator("a.btn-primary").evaluate(
        "a => { const r = document.createRange(); r.selectNodeContents(a);"
        " const t = r.getBoundingClientRect(), b = a.getBoundingClientRect();"
        " return [t.top - b.top, b.bottom - t.bottom] }"
    )
    assert abs(above - below) < 1.5
