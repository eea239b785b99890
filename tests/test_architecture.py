"""The plan of the house, held by a test: what may stand where, and what may call what."""

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import ForeignKey, ManyToManyField, Model

from questions import workflow
from questions.inputs import INPUTS

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["config", "api", "frontend", "questions", "brokers", "evidence"]
# Below what a room may point at; api and frontend hold no models.
STACK = ["questions", "brokers", "evidence"]
BANNED = {"services", "selectors", "signals", "utils", "helpers", "mixins", "constants", "common", "base", "managers"}
MOVES = {name for table in INPUTS.values() for name in table}


@cache
def sources() -> dict[Path, ast.Module]:
    """Every file of the rooms as a syntax tree, without migrations."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_the_rooms_are_there_and_none_else() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert found == set(ROOMS)


# --- Only down ------------------------------------------------------------------------------------------


def models() -> list[type[Model]]:
    return [model for room in STACK for model in apps.get_app_config(room).get_models()]


def test_foreign_keys_only_point_down() -> None:
    assert not [room for room in ("api", "frontend") if list(apps.get_app_config(room).get_models())]
    for model in models():
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey | ManyToManyField):
                continue
            target = field.related_model._meta.app_label  # type: ignore[union-attr]
            if target in STACK:
                assert STACK.index(target) >= STACK.index(model._meta.app_label), f"{model.__name__}.{field.name}"
            else:
                assert target in {"auth", "contenttypes"}, f"{model.__name__}.{field.name} points at {target}"


def test_items_and_versions_know_no_question() -> None:
    """They can move to a room of their own when their kinds grow."""
    for name in ("Item", "Version", "Citation", "Review", "Feedback", "Correction", "KeptDraft"):
        model = apps.get_model("questions", name)
        targets = {
            field.related_model for field in model._meta.get_fields() if isinstance(field, ForeignKey | ManyToManyField)
        }
        assert apps.get_model("questions", "Question") not in targets, name


def test_the_contracts_of_import_linter_hold() -> None:
    """Nothing may be imported upwards, and the domain knows no HTTP."""
    tool = Path(sys.executable).with_name("lint-imports")
    if not tool.exists():
        pytest.skip("import-linter is not installed; `make lint` runs it")
    done = subprocess.run([str(tool), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


# --- One door ---------------------------------------------------------------------------------------------


def test_no_transition_is_called_outside_the_door() -> None:
    """`row.publish(by=…)` runs a transition: only `perform` does, and it calls them by name."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MOVES:
                assert "by" not in {word.arg for word in node.keywords}, f"{path}:{node.lineno}"


def test_the_door_is_the_only_place_that_looks_a_transition_up_by_name() -> None:
    wanted = re.compile(r"getattr\((row|question|version|subject|self|case)\b[^)]*\)\(")
    for path in sources():
        if wanted.search((ROOT / path).read_text(encoding="utf-8")):
            assert str(path) == "questions/workflow.py"


def test_no_state_is_set_past_the_machine() -> None:
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words = {word.arg for word in node.keywords}
                writes = node.func.attr in {"update", "bulk_create", "update_or_create", "get_or_create"}
                assert not (writes and "state" in words), f"{path}:{node.lineno}"
                assert node.func.attr not in {"set_state", "change_state"}, f"{path}:{node.lineno}"
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and "questions" in path.parts:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    is_state = isinstance(target, ast.Attribute) and target.attr == "state"
                    assert not is_state, f"{path}:{node.lineno}"


def test_the_page_about_the_workflow_is_current() -> None:
    call_command("workflow_doc", "--check")


def test_every_transition_asks_who_and_says_what_it_is_called() -> None:
    for model, table in INPUTS.items():
        declared = workflow.moves(model)
        assert {one.name for one in declared} == set(table)
        for one in declared:
            assert str(one.custom["label"]), one.name
            assert str(one.permission.who), one.name
            assert all(str(check.reason) for check in one.conditions), one.name


def test_transitions_are_declared_in_one_way() -> None:
    users = [
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(name.name == "transition" for name in node.names)
    ]
    assert users == [Path("questions/moves.py")]


# --- Who knows what ---------------------------------------------------------------------------------------


def test_starting_celery_loads_no_model() -> None:
    code = (
        "import sys, config.celery\n"
        "from config.celery import app\n"
        "app.loader.import_default_modules()\n"
        "bad = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert {'questions.tasks.deliver', 'evidence.tasks.embed'} <= set(app.tasks), sorted(app.tasks)\n"
        "sys.exit(f'loaded: {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_scheduled_task_exists() -> None:
    from config.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def names_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def test_nobody_imports_the_fuse_box() -> None:
    for path, tree in sources().items():
        if path.parts[0] == "config":
            continue
        for node in imports(tree):
            assert not [name for name in names_of(node) if name.partition(".")[0] == "config"], f"{path}:{node.lineno}"


def test_only_the_loader_imports_inside_functions() -> None:
    allowed = {"evidence/encoder.py", "evidence/weights.py"}
    for path, tree in sources().items():
        if str(path) in allowed or path.parts[0] == "config":
            continue
        for function in functions(tree):
            assert not list(imports(function)), f"{path}:{function.lineno} {function.name}"


# --- Budgets ----------------------------------------------------------------------------------------------


def test_files_and_functions_stay_small() -> None:
    lengths = []
    for path, tree in sources().items():
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        assert lines <= 350, f"{path} has {lines} lines"
        for function in functions(tree):
            length = (function.end_lineno or 0) - function.lineno + 1
            lengths.append(length)
            assert length <= 50, f"{path}:{function.lineno} {function.name} has {length} lines"
    assert sorted(lengths)[int(len(lengths) * 0.9)] <= 25


def test_no_file_has_a_name_that_admits_anything() -> None:
    assert [str(path) for path in sources() if path.stem in BANNED or set(path.parts) & BANNED] == []


def test_nothing_happens_behind_the_back_of_who_saves() -> None:
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                named = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
                bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
                is_model = bool(bases & {"Model", "FSMModelMixin", "AbstractBaseUser"})
                assert not (is_model and named & {"save", "delete"}), f"{path}:{node.lineno}"
            if isinstance(node, ast.ImportFrom):
                taken = {alias.name for alias in node.names}
                assert not taken & {"receiver", "post_save", "pre_save", "post_transition"}, f"{path}:{node.lineno}"


def test_few_warnings_are_switched_off() -> None:
    switched_off = [
        path for path in sources() for line in (ROOT / path).read_text(encoding="utf-8").splitlines() if "noqa" in line
    ]
    assert len(switched_off) <= 5, switched_off


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_apps_stand_in_the_order_of_the_stack() -> None:
    own = [name for name in settings.INSTALLED_APPS if name in ROOMS]
    assert own == ["api", "frontend", "questions", "brokers", "evidence"]
    assert importlib.util.find_spec("config") is not None
