"""Processes die without warning; the desk loses nothing, says nothing twice and comes back."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.faults.conftest import ROOT, RunningDesk
from tests.faults.mailserver import MailServer

MAKE_LETTERS = """
from evidence.bells import ring
from questions import inputs, intake, mail, tasks
from questions.models import Event
for n in range(300):
    cleaned = inputs.clean_form(inputs.Ask, {"text": f"Werkt oefening {n} op school?", "sector": "po",
                                             "role": "teacher", "email": f"teacher{n}@school.example"})
    question, part = intake.store(cleaned)
    mail.write_confirmation(Event.record("ask", by=part, question=question), part)
ring(tasks.deliver)
"""
LETTERS = 300
LETTERS_LEFT = "from questions.models import Letter; print(Letter.objects.filter(sent_at=None).count())"
VECTORS_LEFT = "from evidence import embedding; s = embedding.state(); print(s['waiting'], s['dead'], s['total'])"


def test_a_worker_killed_while_mailing_and_embedding_loses_nothing_and_sends_nothing_twice(desk: RunningDesk) -> None:
    server = MailServer()
    desk.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "EMAIL_USE_TLS": "no"}
    desk.start()
    desk.manage("seed", "--ask", "200")
    desk.python(MAKE_LETTERS)
    killed_while_mailing = 0
    for _round in range(4):
        before = len(server.took)
        desk.until(lambda sent=before: len(server.took) > sent or len(server.took) == LETTERS, 90)  # type: ignore[misc]
        killed_while_mailing += len(server.took) < LETTERS
        assert desk.kill("config.run worker") > 0
        desk.until(lambda: bool(desk.processes("config.run worker")), 30)
    assert killed_while_mailing, "the letters were gone before the first kill: make more of them"
    desk.until(lambda: desk.python(LETTERS_LEFT) == "0", 300)
    assert len(server.took) == LETTERS
    # A letter whose receipt nobody lived to note goes again under the same Message-ID: one a kill at most.
    twice = {letter: count for letter, count in server.took.items() if count > 1}
    assert len(twice) <= killed_while_mailing
    print(f"letters {len(server.took)}, kills while mailing {killed_while_mailing}, sent twice {len(twice)}")
    desk.until(lambda: desk.python(VECTORS_LEFT).startswith("0 0 "), 240)
    assert int(desk.python(VECTORS_LEFT).split()[2]) >= 200


def test_a_letter_that_is_sent_again_is_the_same_file(desk: RunningDesk) -> None:
    desk.start()
    desk.python(MAKE_LETTERS)
    desk.until(lambda: any((desk.folder / "mail").glob("*.eml")), 60)
    desk.kill("config.run worker")
    desk.until(lambda: desk.python(LETTERS_LEFT) == "0", 300)
    letters = list((desk.folder / "mail").glob("*.eml"))
    addresses = [line for file in letters for line in file.read_text().splitlines() if line.startswith("To: ")]
    assert len(addresses) == len(set(addresses)) == LETTERS


def test_a_killed_web_process_is_started_again(desk: RunningDesk) -> None:
    desk.start()
    assert desk.kill("gunicorn") > 0
    desk.until(desk.is_ready, 60)


def test_a_killed_database_is_started_again_and_nothing_committed_is_lost(desk: RunningDesk) -> None:
    desk.start()
    desk.manage("seed", "--ask", "5")
    before = set(desk.processes("bin/postgres"))
    assert desk.kill("bin/postgres") > 0
    desk.until(lambda: bool(set(desk.processes("bin/postgres")) - before) and desk.is_ready(), 90)
    assert desk.python("from questions.models import Question; print(Question.objects.count())") == "5"


@pytest.mark.parametrize("after", [0.2, 0.4, 0.8, 1.6])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_start_that_is_cut_short_leaves_nothing_behind(
    desk: RunningDesk, after: float, number: signal.Signals
) -> None:
    process = subprocess.Popen([sys.executable, "-m", "config.run"], cwd=ROOT, env=desk.environment)
    time.sleep(after)
    process.send_signal(number)
    process.wait(60)
    desk.until(lambda: not desk.processes(), 60)
    desk.manage("check")


def test_after_a_kill_of_the_whole_tree_it_starts_again(desk: RunningDesk) -> None:
    desk.start()
    desk.manage("seed", "--ask", "5")
    while desk.kill():
        time.sleep(0.1)
    desk.start()
    assert desk.python("from questions.models import Question; print(Question.objects.count())") == "5"


def test_a_killed_supervisor_leaves_no_process_behind(desk: RunningDesk) -> None:
    desk.start()
    assert desk.supervisor is not None
    os.kill(desk.supervisor.pid, signal.SIGKILL)
    desk.supervisor.wait()
    desk.until(lambda: not desk.processes(), 60)
    desk.start()


def test_an_interrupt_leaves_no_process_behind_and_the_desk_starts_again(desk: RunningDesk) -> None:
    desk.start()
    desk.stop(signal.SIGINT)
    assert desk.processes() == []
    desk.start()
