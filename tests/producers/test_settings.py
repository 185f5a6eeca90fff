from __future__ import annotations

from pathlib import Path

import pytest

from producers.errors import SettingsError
from producers.redis_clients import RedisAddress
from producers.settings import DEFAULT_BATCH_SIZE, Settings

NO_FILE = Path("/nonexistent/.env")


def settings(**environ: str) -> Settings:
    return Settings.from_env(environ, env_file=NO_FILE)


def test_nothing_set_gives_the_documented_defaults() -> None:
    assert settings() == Settings()
    assert settings().redis_url == "redis://127.0.0.1:6379/0"
    assert settings().smsc.url == "https://smsc.ru"
    assert settings().smsc.batch_size == DEFAULT_BATCH_SIZE
    assert (settings().metrics_host, settings().metrics_port) == ("127.0.0.1", 9191)


def test_all_names_are_read() -> None:
    found = settings(
        SMSQ_REDIS_URL="rediss://cache:6380/3",
        SMSQ_SMSC_URL="http://127.0.0.1:8025/",
        SMSQ_SMSC_LOGIN="demo",
        SMSQ_SMSC_PASSWORD="geheim",
        SMSQ_SMSC_BATCH_SIZE="100",
        SMSQ_SENDER="Shop",
        SMSQ_METRICS_PORT="0",
        SMSQ_LOG_FORMAT="json",
        SMSQ_PROVIDER_MINUTE="2.5",
    )
    assert found.redis_url == "rediss://cache:6380/3"
    assert (found.smsc.url, found.smsc.login, found.smsc.batch_size) == ("http://127.0.0.1:8025", "demo", 100)
    assert (found.sender, found.metrics_port, found.log_format, found.provider_minute) == (
        "Shop",
        0,
        "json",
        2.5,
    )
    assert "geheim" not in repr(found)


def test_an_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('SMSQ_SENDER="Лавка"\nSMSQ_SMSC_API_KEY=abc\n', "utf-8")
    found = Settings.from_env({"SMSQ_SENDER": "Shop"}, env_file=file)
    assert (found.sender, found.smsc.api_key) == ("Shop", "abc")
    assert "abc" not in repr(found)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        settings(
            SMSQ_SMSC_URL="ftp://smsc.ru",
            SMSQ_SMSC_BATCH_SIZE="0",
            SMSQ_METRICS_PORT="http",
            SMSQ_LOG_FORMAT="xml",
            SMSQ_PROVIDER_MINUTE="-1",
        )
    for name in (
        "SMSQ_SMSC_URL",
        "SMSQ_SMSC_BATCH_SIZE",
        "SMSQ_METRICS_PORT",
        "SMSQ_LOG_FORMAT",
        "SMSQ_PROVIDER_MINUTE",
    ):
        assert name in caught.value.message


@pytest.mark.parametrize(
    "environ",
    [
        {"SMSQ_SMSC_URL": "http://smsc.ru"},
        {"SMSQ_SMSC_URL": "https://login:geheim@smsc.ru"},
        {"SMSQ_SMSC_URL": "https://smsc.ru/?psw=geheim"},
        {"SMSQ_SMSC_URL": "https://"},
        {"SMSQ_SMSC_URL": "http://[::1"},
        {"SMSQ_PROVIDER_MINUTE": "10"},
        {"SMSQ_PROVIDER": "smsc2"},
        {"SMSQ_SMS2_USER": "demo"},
        {"SMSQ_CONFIG": "accounts.toml"},
        {"SMSQ_SMSC_LOGIN": "demo"},
        {"SMSQ_REDIS_URL": "http://geheim@x"},
        {"SMSQ_METRICS_PORT": "70000"},
    ],
    ids=str,
)
def test_wrong_values_are_refused_without_repeating_secrets(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(**environ)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "label", "queue_db"),
    [
        ("redis://127.0.0.1:6379/0", "127.0.0.1:6379, db 0", 1),
        ("redis://cache", "cache:6379, db 0", 1),
        ("rediss://user:p%40ss@cache:6380/4", "cache:6380, db 4", 5),
        ("redis://cache/15", "cache:6379, db 15", 0),
        ("redis://cache?db=2", "cache:6379, db 2", 3),
        ("redis+sentinel://s1:26379,s2:26379/main/1", "main through 2 sentinels, db 1", 2),
    ],
)
def test_redis_addresses(url: str, label: str, queue_db: int) -> None:
    address = RedisAddress.parse(url)
    assert (address.label, address.queue_db) == (label, queue_db)
    assert "p@ss" not in repr(address)


def test_a_sentinel_address_has_its_hosts_and_service() -> None:
    address = RedisAddress.parse("redis+sentinel://:geheim@s1,s2:26380/main")
    assert (address.sentinels, address.service, address.password) == (
        (("s1", 26379), ("s2", 26380)),
        "main",
        "geheim",
    )


@pytest.mark.parametrize(
    "url",
    ["redis://cache/x", "redis://cache/16", "redis://a,b/0", "redis+sentinel://s1", "redis://cache:x/0"],
)
def test_bad_redis_addresses_are_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        RedisAddress.parse(url)
