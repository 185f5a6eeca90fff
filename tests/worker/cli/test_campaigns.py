"""Listing, showing, pausing, resuming, cancelling."""

from __future__ import annotations

import pytest

from tests.worker.cli.conftest import Shell, Stack

AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}


@pytest.fixture
def campaign(shell: Shell, stack: Stack, request: pytest.FixtureRequest) -> str:
    """A campaign that nobody works on; its name is the test's."""
    shell.environ |= stack.without_workers
    shell.clients("clients.csv", 10, "123,short,1")
    command = ("campaign", "start", "clients.csv", "--text", "x", "--name", request.node.name, "--json")
    found: str = shell.inside(*command).json["id"]
    return found


def test_list(shell: Shell, campaign: str) -> None:
    newest = shell.smsq("campaign", "list", "--json").json[0]
    assert (newest["id"], newest["name"], newest["state"]) == (campaign, "test_list", "running")
    header, first, *_ = shell.inside("campaign", "list").out.splitlines()
    assert header.split() == ["id", "name", "state", "recipients", "waiting", "failed", "cost", "created"]
    assert first.split()[:7] == [campaign, "test_list", "running", "10", "10", "0", "0.0000"]
    assert len(shell.inside("campaign", "list", "--limit", "1", "--json").json) == 1


def test_show_by_id_and_by_name(shell: Shell, campaign: str) -> None:
    by_id = shell.smsq("campaign", "show", campaign)
    assert by_id.facts["name"] == "test_show_by_id_and_by_name"
    assert by_id.facts["state"] == "running"
    assert by_id.facts["cost"] == "0.0000 roubles so far"
    assert ["pending", "10", "90.9", "%"] in [line.split() for line in by_id.out.splitlines()]
    by_name = shell.inside("campaign", "show", "test_show_by_id_and_by_name", "--json").json
    assert by_name == shell.inside("campaign", "show", campaign, "--json").json


def test_pause_resume_cancel(shell: Shell, campaign: str) -> None:
    assert shell.smsq("campaign", "pause", campaign).out == f"{campaign} is paused\n"
    assert shell.inside("campaign", "pause", campaign, "--json").json["state"] == "paused"
    assert shell.smsq("campaign", "resume", campaign, "--json").json["state"] in {"planned", "running"}
    cancelled = shell.smsq("campaign", "cancel", campaign, "--json").json
    assert (cancelled["state"], cancelled["recipients"]["cancelled"]) == ("cancelled", 10)
    again = shell.inside("campaign", "resume", campaign, "--json")
    assert (again.status, again.code) == (2, "bad_state")


@pytest.mark.parametrize("command", ["show", "pause", "resume", "cancel", "report"])
def test_unknown(shell: Shell, command: str) -> None:
    done = shell.inside("campaign", command, "nobody", "--json")
    assert (done.status, done.code) == (1, "not_found")


@pytest.mark.parametrize("command", [("list",), ("show", "x"), ("pause", "x"), ("report", "x")])
def test_redis_away(shell: Shell, command: tuple[str, ...]) -> None:
    done = shell.inside("campaign", *command, "--json", **AWAY)
    assert (done.status, done.code) == (1, "redis_unavailable")


def test_a_name_can_t_steer_the_terminal(shell: Shell, stack: Stack) -> None:
    shell.clients("e.csv", 2)
    shell.inside("campaign", "start", "e.csv", "--text", "x", "--name", "a\x1b[2Jb", **stack.without_workers)
    assert "a?[2Jb" in shell.inside("campaign", "list", **stack.without_workers).out
