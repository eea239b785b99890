from django.db import migrations


class Migration(migrations.Migration):
    """The sequence of public numbers: it never goes back, so no number is given twice."""

    dependencies = [("questions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE questions_public_number AS integer START 1 NO CYCLE",
            "DROP SEQUENCE questions_public_number",
        )
    ]
