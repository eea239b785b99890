"""Processes die without warning; the desk loses nothing, says nothing twice and comes back."""

import os
import signal
import time

from tests.faults.conftest import RunningDesk

MAKE_LETTERS = """
from questions import inputs, intake, mail
from questions.models import Event
for n in range(150):
    cleaned = inputs.clean_form(inputs.Ask, {"text": f"Werkt oefening {n} op school?", "sector": "po",
                                             "role": "teacher", "email": f"teacher{n}@school.example"})
    question, part = intake.store(cleaned)
    mail.write_confirmation(Event.record("ask", by=part, question=question), part)
"""
LETTERS_LEFT = "from questions.models import Letter; print(Letter.objects.filter(sent_at=None).count())"
VECTORS_LEFT = "from evidence import embedding; s = embedding.state(); print(s['waiting'], s['dead'], s['total'])"


def test_a_worker_killed_while_mailing_and_embedding_loses_nothing_and_sends_nothing_twice(desk: RunningDesk) -> None:
    desk.start()
    desk.manage("seed", "--scale", "200")
    desk.python(MAKE_LETTERS)
    for _round in range(4):
        time.sleep(1.5)
        assert desk.kill("config.run worker") > 0
        desk.until(lambda: bool(desk.processes("config.run worker")), 30)
    desk.until(lambda: desk.python(LETTERS_LEFT) == "0", 180)
    letters = list((desk.folder / "mail").glob("*.eml"))
    addresses = [line for file in letters for line in file.read_text().splitlines() if line.startswith("To: ")]
    assert len(addresses) == len(set(addresses)) == 150
    desk.until(lambda: desk.python(VECTORS_LEFT).startswith("0 0 "), 240)
    assert int(desk.python(VECTORS_LEFT).split()[2]) >= 200


def test_a_killed_web_process_is_started_again(desk: RunningDesk) -> None:
    desk.start()
    assert desk.kill("gunicorn") > 0
    desk.until(desk.is_ready, 60)


def test_a_killed_database_is_started_again_and_nothing_committed_is_lost(desk: RunningDesk) -> None:
    desk.start()
    desk.manage("seed", "--scale", "5")
    assert desk.kill("bin/postgres") > 0
    desk.until(desk.is_ready, 60)
    assert desk.python("from questions.models import Question; print(Question.objects.count())") == "5"


def test_after_a_kill_of_the_whole_tree_it_starts_again(desk: RunningDesk) -> None:
    desk.start()
    desk.manage("seed", "--scale", "5")
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
