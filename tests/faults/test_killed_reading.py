"""Whoever reads the mailbox may die at any moment: no reply is lost, none is said twice."""

import subprocess
import sys
import time
from pathlib import Path

from tests.faults.conftest import ROOT, RunningDesk

REPLIES = 60
MAKE_REPLIES = """
from pathlib import Path
from questions import inputs, intake, mail, workflow
from questions.models import Letter, Participation
box = Path({box!r})
(box / "new").mkdir(parents=True)
for n in range({count}):
    address = f"teacher{{n}}@school.example"
    cleaned = inputs.clean_form(inputs.Ask, {{"text": f"Werkt oefening {{n}} op school?", "sector": "po",
                                             "role": "teacher", "email": address}})
    question, part = intake.store(cleaned)
    part.proved = True
    workflow.perform(question, "confirm", by=part)
    to = mail.render(Letter.objects.get(kind="received", participation=part)).reply_to[0]
    text = f"From: {{address}}\\nTo: {{to}}\\nMessage-ID: <{{n}}@school.example>\\n\\nAntwoord {{n}}\\n"
    (box / "new" / f"{{n:04}}.mail").write_text(text)
"""
SAID = "from questions.models import Message; print(*sorted(Message.objects.values_list('body', flat=True)), sep='|')"


def waiting(box: Path) -> int:
    return len(list((box / "new").glob("*.mail")))


def test_a_reader_killed_again_and_again_takes_every_reply_over_once(desk: RunningDesk) -> None:
    box = desk.folder / "box"
    desk.environment |= {"REPLY_MAILBOX": f"maildir:{box}", "EMBEDDING_MODEL": "none"}
    desk.python(MAKE_REPLIES.format(box=str(box), count=REPLIES))
    kills = 0
    for _round in range(6):
        before = waiting(box)
        reader = subprocess.Popen([sys.executable, "manage.py", "read_mail"], cwd=ROOT, env=desk.environment)
        deadline = time.monotonic() + 60
        while waiting(box) > max(0, before - 8) and reader.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        kills += reader.poll() is None
        reader.kill()
        reader.wait()
    assert kills >= 3, "it was done before it could be killed: make more replies"
    while waiting(box):
        desk.manage("read_mail")
    assert desk.python(SAID).split("|") == sorted(f"Antwoord {n}" for n in range(REPLIES))
    assert not list((box / ".Refused").rglob("*.mail"))
    print(f"replies {REPLIES}, kills while reading {kills}")
