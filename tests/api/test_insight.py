"""The numbers of the desk for machines: the same tables, in names that no language changes."""

from datetime import date
from typing import Any

import pytest

from questions import insight
from questions.periods import Period
from tests import factories

pytestmark = pytest.mark.django_db
PATH = "/api/v1/insight"


def test_a_machine_reads_the_tables_of_the_page(api: Any, coordinator: Any) -> None:
    factories.referred()
    body = api(coordinator).get(f"{PATH}?from=2020-01-01&to=2026-12-31").json()
    assert (body["from"], body["to"]) == ("2020-01-01", "2026-12-31")
    assert list(body["tables"]) == list(insight.NAMES)
    flow = {row["state"]: row["all"] for row in body["tables"]["flow"]["rows"]}
    assert (flow["came_in"], flow["referred"]) == (1, 1)
    tables = insight.read(coordinator, Period(date(2020, 1, 1), date(2026, 12, 31)))
    assert {name: len(one.rows) for name, one in tables.items()} == {
        name: len(one["rows"]) for name, one in body["tables"].items()
    }
    assert body["tables"]["times"]["rows"][0] == {
        "track": "all",
        "cases": 1,
        **dict.fromkeys(("ours_median", "ours_p90", "asker_median", "asker_p90")),
    }
    assert body["tables"]["times"]["few"] == 10


def test_the_language_of_the_caller_changes_no_name(api: Any, coordinator: Any) -> None:
    factories.referred()
    first, second = (api(coordinator).get(PATH, headers={"Accept-Language": code}).json() for code in ("nl", "en"))
    assert first == second


def test_a_broker_reads_their_own_load_and_an_editor_none(
    api: Any, broker: Any, second_broker: Any, editor: Any
) -> None:
    rows = api(broker).get(PATH).json()["tables"]["load"]["rows"]
    assert [row["broker"] for row in rows] == [str(broker)]
    assert "load" not in api(editor).get(PATH).json()["tables"]


@pytest.mark.parametrize(
    "query",
    ["from=9999-12-31", "to=x", "from=2026-02-02&to=2026-02-01", "from=2001-01-01", "since=2026-01-01", "to=%00"],
)
def test_a_period_that_cannot_be_is_refused_by_name(api: Any, broker: Any, problem: Any, query: str) -> None:
    body = problem(api(broker).get(f"{PATH}?{query}"), 400, "invalid")
    assert body["errors"]
