"""The tick: every step, in order, whatever becomes of the ones before."""

from typing import Any

import pytest

from tracker import checks, tasks
from tracker.celery import app

seen: list[str] = []


def first() -> None:
    seen.append("first")


def broken() -> None:
    seen.append("broken")
    raise RuntimeError("out of order")


def last() -> None:
    seen.append("last")


def test_every_step_runs_in_order_and_a_broken_one_keeps_none_from_running(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    seen.clear()
    settings.TICK_STEPS = [f"{__name__}.{name}" for name in ("first", "broken", "last")]
    assert tasks.run_steps() == [f"{__name__}.broken"]
    assert seen == ["first", "broken", "last"]
    assert "out of order" in caplog.text


def test_the_task_of_the_beat_runs_the_steps(db: None, settings: Any) -> None:
    seen.clear()
    settings.TICK_STEPS = [f"{__name__}.first"]
    app.tasks["tracker.tick"]()
    assert seen == ["first"]


def test_every_step_and_every_readiness_check_of_the_settings_is_there() -> None:
    assert checks.dotted_paths(None) == []


@pytest.mark.parametrize("setting", ["TICK_STEPS", "READY_CHECKS"])
def test_a_path_that_leads_nowhere_is_named_by_the_check(settings: Any, setting: str) -> None:
    setattr(settings, setting, ["commitments.nowhere.at_all"])
    [error] = checks.dotted_paths(None)
    assert setting in error.msg
    assert "nowhere" in error.msg
