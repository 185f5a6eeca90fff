"""The command ``smsq``.

`app` puts the groups together. `commands` holds a file for each group, with nothing but options and help
texts; what a command does is in the modules here, which are imported when it runs, so that ``smsq --help``
comes at once. `errors` is the one place where a failure becomes words and an exit status.
"""

from worker.cli.app import main

__all__ = ["main"]
