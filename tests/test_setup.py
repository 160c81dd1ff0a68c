"""What a fresh clone relies on: true locks, a whole wheel, scripts that parse, floors that hold."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.floors import misplaced_imports

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SCRIPTS = [
    f"scripts/{name}"
    for name in ("rtm", "test", "check", "bench", "relock", "setup-browser", "setup-servers")
]


def locked(name: str) -> dict[str, list[str]]:
    """Return the hashes of each requirement in a lock, by its pin and marker."""
    text = (ROOT / "scripts" / "lock" / f"{name}.txt").read_text(encoding="utf-8")
    requirements = text.replace("\\\n", " ").splitlines()
    return {
        line.split(" --hash")[0].strip(): re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
        for line in requirements
    }


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~;\[ ]", requirement)[0] for requirement in requirements}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    return folder


def first_call(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call scripts/rtm where nothing is set up, in a case that ends before anything is fetched."""
    return subprocess.run(
        [clone / "scripts" / "rtm", "demo"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["run", "test"])
def test_every_line_of_a_lock_is_one_version_with_hashes(name):
    lock = locked(name)

    loose = [line for line in lock if not re.match(r"[a-z0-9-]+==[0-9][0-9.]*( ;|$)", line)]
    unhashed = [line for line, hashes in lock.items() if not hashes]

    assert lock
    assert loose == []
    assert unhashed == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_a_lock_names_no_host_and_no_path(name):
    text = (ROOT / "scripts" / "lock" / f"{name}.txt").read_text(encoding="utf-8")

    assert re.findall(r".*(?:/|--index|--find|--trusted).*", text) == []


def test_the_run_lock_is_part_of_the_test_lock():
    run, test = locked("run"), locked("test")

    assert run.items() <= test.items()


def test_every_dependency_of_the_project_is_locked():
    run, test = names(list(locked("run"))), names(list(locked("test")))

    assert names(PROJECT["dependencies"]) <= run
    assert names(PROJECT["optional-dependencies"]["test"]) <= test


def test_test_dependencies_stay_out_of_the_run_lock():
    run = names(list(locked("run")))

    assert run.isdisjoint(names(PROJECT["optional-dependencies"]["test"]))


def test_the_wheel_holds_every_file_of_the_package(wheel):
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "rtm").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    shipped = {name for name in wheel.namelist() if name.startswith("rtm/")}

    assert shipped == ours


def test_the_wheel_holds_the_recorded_night_and_its_profiles(wheel):
    kinds = {Path(name).suffix for name in wheel.namelist() if name.startswith("rtm/")}

    assert {".parquet", ".toml"} <= kinds


def test_the_wheel_gives_the_command_rtm(wheel):
    entry = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert "rtm = rtm.cli:main" in wheel.read(entry).decode()


@pytest.mark.parametrize("script", [*SCRIPTS, "scripts/setup-env", ".ci/run"])
def test_a_script_parses(script):
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True)


@pytest.mark.parametrize("script", [*SCRIPTS, ".ci/run"])
def test_a_script_may_be_run(script):
    assert (ROOT / script).stat().st_mode & 0o111 == 0o111


def test_a_wrong_python_is_named_in_one_line_with_its_remedy(clone):
    result = first_call(clone, RTM_PYTHON="/no/such/python")

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "rtm set-up: RTM_PYTHON=/no/such/python is not Python 3.11, 3.12 or 3.13"
    ]


def test_an_environment_that_somebody_else_made_is_left_alone(clone):
    (clone / ".venv").mkdir()
    (clone / ".venv" / "theirs").touch()

    result = first_call(clone)

    assert result.returncode == 1
    assert "move it away" in result.stderr
    assert [path.name for path in (clone / ".venv").iterdir()] == ["theirs"]


def test_imports_in_rtm_point_down():
    assert misplaced_imports(ROOT / "rtm") == []


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("text/reader.py", "from rtm.engine import Engine", "text imports engine"),
        ("text/reader.py", "from rtm import engine", "text imports engine"),
        ("text/reader.py", "from ..engine import Engine", "text imports engine"),
        ("engine.py", "import rtm.store.events", "engine imports store"),
        ("clock.py", "def now():\n    from rtm.text import terms", "clock imports text"),
        ("score/risk.py", "from rtm.trends.stories import Story", "score imports trends"),
        ("live.py", "from rtm.replay import replay", "live imports replay"),
        ("cli.py", "from rtm.helpers import join", "cli imports helpers"),
    ],
)
def test_an_import_that_points_up_or_sideways_is_named(tmp_path, path, line, complaint):
    module = tmp_path / "rtm" / path
    module.parent.mkdir(parents=True)
    module.write_text(line, encoding="utf-8")

    (found,) = misplaced_imports(tmp_path / "rtm")

    assert found.startswith(f"rtm/{path}:")
    assert found.endswith(complaint)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("engine.py", "from rtm.trends import kernel\nfrom rtm.frame import FRAME_SCHEMA"),
        ("trends/echo.py", "from rtm.text.keys import raw"),
        ("trends/echo.py", "from . import kernel"),
        ("brand.py", "from rtm.config import read"),
        ("__main__.py", "from rtm.cli import main\nfrom rtm import __version__\nimport json"),
    ],
)
def test_an_import_that_points_down_is_not_named(tmp_path, path, line):
    module = tmp_path / "rtm" / path
    module.parent.mkdir(parents=True)
    module.write_text(line, encoding="utf-8")

    assert misplaced_imports(tmp_path / "rtm") == []
