import re
from pathlib import Path
from typing import Any

import pytest
from plotly.offline import get_plotlyjs_version  # type: ignore[import-untyped]  # ships no types

from dashboards import ids, theme
from dashboards.app import PLOTLY, create_app
from dashboards.pages import desk, wall

SCRIPTS = sorted(theme.ASSETS.glob("[!p]*.js"))  # ours: the drawing library begins with a p


@pytest.fixture(scope="module")
def browser():
    return create_app(brand="Oreo <b>").server.test_client()


def names_in(part: Any) -> set[str]:
    """The ids of a layout, and of the text areas that a script makes in it."""
    found = {part.id} if getattr(part, "id", None) else set()
    if area := getattr(part, "data-area", None):
        found.add(area)
    children = getattr(part, "children", None) or ()
    for child in children if isinstance(children, list | tuple) else (children,):
        found |= names_in(child)
    return found


def test_the_drawing_library_is_of_the_version_that_plotly_draws_with():
    version = get_plotlyjs_version()

    head = (theme.ASSETS / PLOTLY).read_text(encoding="utf-8")[:300]

    assert f"plotly.js (basic - minified) v{version}" in head
    assert "MIT license" in head


def test_the_font_stands_with_its_licence():
    assert (theme.ASSETS / "InterVariable.woff2").stat().st_size > 100_000
    assert "SIL OPEN FONT LICENSE" in (theme.ASSETS / "InterVariable.LICENSE.txt").read_text()


def test_both_pages_have_all_named_parts_and_no_others():
    named = {value for name, value in vars(ids).items() if name.isupper()}

    drawn = names_in(wall.layout(brand="B", plotly="p.js")) | names_in(desk.layout(brand="B"))

    assert drawn - {f"{ids.DESK_NOTE}-text"} == named


def test_scripts_ask_for_parts_that_exist():
    named = {value for name, value in vars(ids).items() if name.isupper()}
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)

    asked = set(re.findall(r'getElementById\("([^"]+)"\)', text))

    assert asked - {f"{ids.DESK_NOTE}-text"} <= named
    assert asked


def test_no_script_turns_words_into_markup():
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


def test_colours_stand_in_the_sheet_of_tokens_alone():
    assert theme.COLOURS["know"] == "#56B4E9"
    for path in [*theme.ASSETS.glob("[!0]*.css"), *SCRIPTS]:
        assert not re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8")), path.name


def test_every_script_is_short_enough_to_read():
    for path in [*SCRIPTS, *theme.ASSETS.glob("*.css")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name


@pytest.mark.parametrize("path", [wall.PATH, desk.PATH])
def test_a_page_loads_our_entry_and_nothing_from_elsewhere(browser, path):
    page = browser.get(path).text

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert any(address.endswith("boot.js") for address in addresses)
    assert all(address.startswith("/") for address in addresses), addresses
    assert not any("plotly" in address for address in addresses)


@pytest.mark.parametrize("path", [wall.PATH, desk.PATH])
def test_a_page_names_the_brand_without_markup(browser, path):
    page = browser.get(path).text

    assert "<title>Oreo b</title>" in page
    assert "Oreo <b>" not in page


def test_every_asset_that_a_script_imports_is_served(browser):
    for path in SCRIPTS:
        with browser.get(f"/assets/{path.name}") as answer:
            assert answer.status_code == 200
        for name in re.findall(r'from "\./([^"]+)"', path.read_text(encoding="utf-8")):
            assert (Path(theme.ASSETS) / name).exists()
    with browser.get(f"/assets/{PLOTLY}") as answer:
        assert answer.status_code == 200


def test_the_routing_of_pages_is_known_to_the_policy_from_the_start():
    app = create_app(brand="Oreo")

    before = set(app.csp_hashes())
    app.server.test_client().get(desk.PATH)

    assert set(app.csp_hashes()) == before


def test_a_page_is_answered_with_its_frame(browser):
    asked = {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": "/wall"},
            {"id": "_pages_location", "property": "search", "value": "?at=5m&brand=x"},
        ],
        "changedPropIds": ["_pages_location.pathname"],
    }

    answer = browser.post("/_dash-update-component", json=asked)

    assert answer.status_code == 200
    assert ids.WALL_MAIN in answer.text
