from typing import Any

from django.db import migrations

from questions import defaults


def furnish(apps: Any, schema_editor: Any) -> None:
    """The criteria and texts that the default desk begins with."""
    desk = apps.get_model("brokers", "Desk").objects.filter(is_default=True).first()
    if desk is None:
        return
    criterion, text = apps.get_model("questions", "Criterion"), apps.get_model("questions", "ReadyText")
    for n, (nl, en) in enumerate(defaults.CRITERIA, 1):
        criterion.objects.create(desk=desk, order=n, text_nl=nl, text_en=en)
    for kind, name, nl, en in defaults.TEXTS:
        text.objects.create(desk=desk, kind=kind, name=name, text_nl=nl, text_en=en)


class Migration(migrations.Migration):
    """The sequence of public numbers, which never goes back, so no number is given twice; and what a desk begins with."""

    dependencies = [("questions", "0001_initial"), ("brokers", "0002_default_desk")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE questions_public_number AS integer START 1 NO CYCLE",
            "DROP SEQUENCE questions_public_number",
        ),
        migrations.RunPython(furnish, migrations.RunPython.noop),
    ]
