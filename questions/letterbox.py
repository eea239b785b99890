"""Where replies come in: a mailbox by IMAP, or a Maildir folder that a mail server on this machine fills.

It is for replies alone. What was taken over is removed; the rest is put aside in the folder "Refused", for a
person to look at. Each is asked of the box only after the database has committed.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

READ = 1_000_000  # bytes of a mail that are read: the words come first, attachments are not taken over
ASIDE = "Refused"
TIMEOUT = 20
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Away(Exception):
    """The mailbox cannot be reached or does not let us in; the message says why, without its password."""


class Letterbox(Protocol):
    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """(key, mail) of the oldest mails, at most `limit`; the key is for the two below."""

    def remove(self, key: str) -> None: ...

    def put_aside(self, key: str) -> None: ...


@contextmanager
def opened(address: str) -> Iterator[Letterbox]:
    """The box at `maildir:/path` or `imaps://user:password@host/folder`; raises Away."""
    scheme, _colon, path = address.partition(":")
    if scheme == "maildir":
        yield Maildir(Path(path))
        return
    try:
        box = Imap(address)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Away(str(error)) from None
    try:
        yield box
    except (OSError, imaplib.IMAP4.error) as error:
        raise Away(str(error)) from None
    finally:
        box.close()


class Maildir:
    """A folder with one file a mail; several readers may be at it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        files = [path for part in ("new", "cur") for path in (self.folder / part).glob("[!.]*")]
        for path in sorted(files, key=lambda path: path.name)[:limit]:
            try:
                with open(path, "rb") as file:
                    yield str(path.relative_to(self.folder)), file.read(READ)
            except FileNotFoundError:  # another reader was here first
                continue

    def remove(self, key: str) -> None:
        (self.folder / key).unlink(missing_ok=True)

    def put_aside(self, key: str) -> None:
        aside = self.folder / f".{ASIDE}"
        for part in ("new", "cur", "tmp"):
            (aside / part).mkdir(parents=True, exist_ok=True)
        try:
            (self.folder / key).replace(aside / key)
        except FileNotFoundError:
            return


class Imap:
    """One folder of an IMAP account (RFC 3501); mails are named by their UID."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        host, user, password = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
        secure = ssl.create_default_context()
        self.server: imaplib.IMAP4
        if parts.scheme == "imaps":
            self.server = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=secure, timeout=TIMEOUT)
        else:
            self.server = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT)
            if "STARTTLS" in self.server.capabilities:
                self.server.starttls(secure)
            elif host not in LOOPBACK:
                raise OSError("this server offers no encryption, and the password would go in the clear")
        self.server.login(quoted(user), password)
        self.can = set(self.server.capability()[1][0].decode().upper().split())
        folder = unquote(parts.path.strip("/")) or "INBOX"
        answer, said = self.server.select(quoted(folder))
        if answer != "OK":
            raise OSError(f"there is no folder {folder}: {said!r}")

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        _answer, found = self.server.uid("SEARCH", "UNDELETED")
        for uid in sorted(map(int, (found[0] or b"").split()))[:limit]:
            _answer, data = self.server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{READ}>)")
            bodies = [one[1] for one in data if isinstance(one, tuple)]
            if bodies:
                yield str(uid), bodies[0]

    def remove(self, key: str) -> None:
        self.server.uid("STORE", key, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.can:  # without it the mark stays: a plain EXPUNGE would take what others marked
            self.server.uid("EXPUNGE", key)

    def put_aside(self, key: str) -> None:
        folder = self.aside()
        if "MOVE" in self.can:
            done = self.server.uid("MOVE", key, folder)[0] == "OK"
        else:
            done = self.server.uid("COPY", key, folder)[0] == "OK"
            if done:
                self.remove(key)
        if not done:
            raise OSError(f"the folder {ASIDE} does not take mail")

    def aside(self) -> str:
        """The folder for what is put aside, made when it is not there; some servers keep all below INBOX."""
        _answer, rows = self.server.list('""', quoted("INBOX"))
        found = re.search(rb'\) "(.)" ', rows[0] or b"") if rows and isinstance(rows[0], bytes) else None
        below = f"INBOX{found[1].decode() if found else '/'}{ASIDE}"
        for name in (ASIDE, below):
            self.server.create(quoted(name))
            if self.server.status(quoted(name), "(MESSAGES)")[0] == "OK":
                return quoted(name)
        return quoted(ASIDE)

    def close(self) -> None:
        try:
            self.server.logout()
        except (OSError, imaplib.IMAP4.error):
            return


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
