"""Is everything as it should be?"""

from __future__ import annotations

from worker.cli import options


def doctor(as_json: options.Json = False) -> None:
    """Check settings, Redis, workers and provider, and say what to do about what is wrong.

    Exit status: 0 nothing FAILED, 1 something did, 2 the settings are wrong.
    """
    from worker.cli.doctor import examine

    examine(as_json=as_json)
