import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence import embedding, encoder
from evidence.stopping import stop_means_clean_up

REPORT = 5.0  # seconds between two lines of progress
PAUSE = 1.0  # seconds between two looks when others hold what is left


def left(seconds: float) -> str:
    """A time to wait, in words."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} seconds left"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} minutes left"
    return f"about {round(seconds / 3600)} hours left"


class Command(BaseCommand):
    help = (
        "Gives every passage a vector of the current model and lets that one answer when it is complete. "
        "May be stopped at any moment; the next time it goes on where it was."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not encoder.warm():
            if encoder.is_wanted():
                raise CommandError("The language model cannot be loaded: see EMBEDDING_MODEL.")
            self.stdout.write("There is no language model: nothing to do, search goes by words.")
            return
        state = embedding.state()
        if not state["waiting"] and not embedding.is_untidy():
            self._say_nothing_to_do(state)
            return
        try:
            with stop_means_clean_up():
                self._begin(state)
                self._embed(state)
                embedding.tidy()
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing is lost: `manage.py reembed` goes on from here.") from None
        self._end()

    def _say_nothing_to_do(self, state: dict[str, Any]) -> None:
        done = state["total"] - state["dead"]
        self.stdout.write(f"Nothing to do: {done:,} passages have their vector of {state['recipe']}, which answers.")
        if state["dead"]:
            self.stdout.write(f"{state['dead']:,} were given up; `manage.py embed --revive` tries them again.")

    def _begin(self, state: dict[str, Any]) -> None:
        old, new = state["reading"], state["recipe"]
        if old in ("", new):
            self.stdout.write(f"{new} answers already, with the passages that have their vector.")
        elif encoder.warm(old):
            self.stdout.write(f"Until {new} is complete, {old} answers; what is put meanwhile gets both.")
        else:
            self.stdout.write(
                f"{old} cannot be loaded any more: until {new} is complete, words answer, and its vectors so far."
            )

    def _embed(self, state: dict[str, Any]) -> None:
        """Until nothing waits, here or at a worker beside us."""
        self._say(state, 0, 0)
        began = reported = time.monotonic()
        done_before = _done(state)
        while True:
            taken = embedding.embed_missing()
            now = time.monotonic()
            if taken and now - reported < REPORT:
                continue
            state = embedding.state()
            if now - reported >= REPORT or not state["waiting"]:
                self._say(state, _done(state) - done_before, now - began)
                reported = now
            if not taken and not state["waiting"]:
                return
            if not taken:
                time.sleep(PAUSE)  # a worker has them, or they failed and are tried again later

    def _say(self, state: dict[str, Any], done: int, seconds: float) -> None:
        total = state["total"]
        line = f"{_done(state):,} of {total:,} passages ({100 * _done(state) // max(total, 1)} %)"
        if done > 0 and seconds > 0:
            rate = done / seconds
            line += f", {rate:,.1f} a second"
            if state["waiting"]:
                line += f", {left(state['waiting'] / rate)}"
        self.stdout.write(line)

    def _end(self) -> None:
        state = embedding.state()
        if state["dead"]:
            self.stdout.write(f"{state['dead']:,} were given up; `manage.py embed --revive` tries them again.")
        if state["reading"] == state["recipe"]:
            self.stdout.write(f"{state['recipe']} answers now; vectors of other models are gone.")
        elif not embedding.is_complete(state):
            raise CommandError(f"{state['reading']} goes on answering: {state['recipe']} is not complete.")
        else:
            self.stdout.write(f"{state['reading']} answers until the worker has built the index; it switches then.")


def _done(state: dict[str, Any]) -> int:
    return int(state["total"] - state["waiting"])
