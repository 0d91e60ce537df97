"""./start and ./test before there is any Python of ours: the shell that makes .venv."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Stands for Python: writes down what it is asked, makes a .venv of itself, and can fail on demand.
STUB = """#!/bin/sh
echo "$*" >>"$RECORD"
case "$*" in
    -c*) [ "${OLD:-no}" = no ] ;;
    --version) echo Python 3.12.0 ;;
    *venv*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *pip*) [ "${NO_PACKAGES:-no}" = no ] ;;
    *) echo "runs $*" ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the scripts, a lock file and a Python that is a stub."""
    (tmp_path / "tracker").mkdir()
    shutil.copy(ROOT / "start", tmp_path)
    shutil.copy(ROOT / "tracker" / "venv.sh", tmp_path / "tracker")
    (tmp_path / "requirements.txt").write_text("one==1\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("cksum", "cat", "cp", "mkdir", "dirname", "sh"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    (programs / "python3").write_text(STUB)
    (programs / "python3").chmod(0o755)
    return tmp_path


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ./start there; nothing but the folder's own programs can be found."""
    own = {"PATH": str(folder / "programs"), "RECORD": str(folder / "record")}
    return subprocess.run(
        ["/bin/sh", str(folder / "start"), "--port", "8123"],
        cwd="/",
        env=own | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def asked(folder: Path, word: str) -> int:
    """How often Python was asked for something with this word in it."""
    record = folder / "record"
    return sum(word in line for line in record.read_text().splitlines()) if record.exists() else 0


def test_the_first_start_makes_a_venv_installs_what_is_locked_and_runs_the_demo(
    folder: Path,
) -> None:
    ended = start(folder)
    assert ended.returncode == 0, ended.stderr
    assert "runs manage.py demo --port 8123" in ended.stdout
    assert asked(folder, "-m venv") == 1
    assert asked(folder, "--require-hashes -r requirements.txt") == 1


def test_the_next_start_installs_nothing(folder: Path) -> None:
    start(folder)
    again = start(folder)
    assert again.stdout == "runs manage.py demo --port 8123\n"
    assert asked(folder, "-m pip") == 1


def test_a_changed_lock_file_is_installed_again(folder: Path) -> None:
    start(folder)
    (folder / "requirements.txt").write_text("one==2\n")
    start(folder)
    assert asked(folder, "-m pip") == 2
    assert asked(folder, "-m venv") == 1


def test_an_installation_that_failed_is_said_and_tried_again(folder: Path) -> None:
    failed = start(folder, NO_PACKAGES="yes")
    assert failed.returncode == 1
    assert "could not be installed" in failed.stderr
    assert "runs manage.py" not in failed.stdout
    assert start(folder).returncode == 0


def test_a_venv_whose_python_is_gone_is_made_again(folder: Path) -> None:
    start(folder)
    (folder / ".venv" / "bin" / "python").unlink()
    assert start(folder).returncode == 0
    assert asked(folder, "-m venv") == 2


def test_a_python_that_is_too_old_is_not_used_and_the_sentence_says_what_is_needed(
    folder: Path,
) -> None:
    ended = start(folder, OLD="yes")
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer" in ended.stderr
    assert not (folder / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_found(folder: Path) -> None:
    programs = folder / "programs"
    (programs / "python3").rename(programs / "python3.12")
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    (programs / "python3").chmod(0o755)
    assert start(folder).returncode == 0


@pytest.mark.parametrize("name", ["start", "test", ".ci/run"])
def test_the_scripts_can_be_run_and_are_written_for_the_shell_they_name(name: str) -> None:
    path = ROOT / name
    assert os.access(path, os.X_OK)
    shell = path.read_text().splitlines()[0].removeprefix("#!")
    assert shell == ("/bin/bash" if name == ".ci/run" else "/bin/sh")
    subprocess.run([shell, "-n", str(path)], check=True)
