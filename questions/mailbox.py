"""The mail backend of a desk without a mail server: every letter is one file under DATA_DIR/mail."""

import os
import re
from collections.abc import Sequence
from email.utils import make_msgid
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class Files(BaseEmailBackend):
    """Writes `<local part of the Message-ID>.eml`: sending a letter again gives the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            write(folder, message)
        return len(email_messages)


def write(folder: Path, message: EmailMessage) -> None:
    mime = message.message()
    identifier = (mime.get("Message-ID") or make_msgid()).strip("<>").partition("@")[0]
    name = re.sub(r"[^\w.-]", "_", identifier)
    half = folder / f".{name}.{os.getpid()}.half"
    with open(half, "wb") as file:
        file.write(mime.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / f"{name}.eml")
