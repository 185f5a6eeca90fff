"""``smsq doctor``: runs the checks, shows what they found, and what to do."""

from __future__ import annotations

from producers.errors import SettingsError
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from worker.cli import answers
from worker.cli.answered import AnsweredError
from worker.cli.finding import FAILED, Finding
from worker.cli.redis_checks import check_redis
from worker.cli.serving import require_credentials
from worker.cli.work_checks import check_provider, check_work

_SHOWN = {"ok": "ok", "warning": "warning", FAILED: "FAILED"}


def examine(*, as_json: bool) -> None:
    """Check everything and show it.

    Raises:
        AnsweredError: Something failed.
    """
    findings, settings = _check_settings()
    wrong_settings = any(finding.status == FAILED for finding in findings)
    if settings is not None:
        redis = check_redis(settings)
        findings += redis
        reachable = all(finding.status != FAILED or finding.name != "redis" for finding in redis)
        if reachable:
            findings += check_work(settings)
        findings += check_provider(settings, redis_reachable=reachable)
    failed = sum(finding.status == FAILED for finding in findings)
    answer = {"ok": not failed, "checks": [finding.json() for finding in findings]}
    if not as_json:
        _write(findings)
    elif not failed:
        answers.write_json(answer)
    if failed:
        raise AnsweredError(
            f"{failed} check{'s' if failed > 1 else ''} failed",
            hint="see what each of them says",
            code="settings" if wrong_settings else "unhealthy",
            exit_status=2 if wrong_settings else 1,
            answer=answer,
        )


def _check_settings() -> tuple[list[Finding], Settings | None]:
    problems: list[SettingsError] = []
    settings = None
    try:
        settings = Settings.from_env()
        RedisAddress.parse(settings.redis_url)
    except SettingsError as error:
        problems.append(error)
    if settings is not None:
        try:
            require_credentials(settings)
        except SettingsError as error:
            problems.append(error)
    if not problems:
        return [Finding("settings", "ok", "complete")], settings
    findings = [Finding("settings", FAILED, error.message, error.hint) for error in problems]
    unusable = any(error.code != "no_credentials" for error in problems)
    return findings, None if unusable else settings


def _write(findings: list[Finding]) -> None:
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        answers.write_lines(
            answers.printable(f"{_SHOWN[finding.status]:<7}  {finding.name:<{width}}  {finding.message}")
        )
        if finding.hint:
            answers.write_lines(f"{'':<7}  {'':<{width}}  → {answers.printable(finding.hint)}")
