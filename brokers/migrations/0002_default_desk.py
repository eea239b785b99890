from typing import Any

from django.db import migrations


def make_default_desk(apps: Any, schema_editor: Any) -> None:
    apps.get_model("brokers", "Desk").objects.get_or_create(
        is_default=True, defaults={"slug": "desk", "name": "Rotonde"}
    )


class Migration(migrations.Migration):
    dependencies = [("brokers", "0001_initial")]
    operations = [migrations.RunPython(make_default_desk, migrations.RunPython.noop)]
