"""The log tells nothing that opens a question: the secret in such an address is left out."""

import logging
import re

# Also as part of another address, where it is quoted.
# What stands behind /follow is secret when it is signed; pages and files have names like it.
SECRET = re.compile(
    r"((?:/|%2F)(?:(?:track|confirm|after|review|mail(?:/|%2F)stop|password/reset/key)(?:/|%2F)"
    r"|follow(?:(?:/|%2F)(?:confirm|stop))?(?:/|%2F)(?=[^/\s\"']*?(?::|%3A))))"
    r"(?:%(?!2F)|[^/\s?#%\"'<>&])+",
    re.IGNORECASE,
)


class Discreet(logging.Formatter):
    """Works on the finished line, so that message, arguments and traceback are all covered."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
