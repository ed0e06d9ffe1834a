from django.db import migrations, models
from django.db.models import Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Least


def reckon(apps, schema_editor):
    """The earliest of an assignment's first last day, its present one, and those that its steps left behind."""
    Assignment, Transition = apps.get_model("tracker", "Assignment"), apps.get_model("tracker", "Transition")
    steps = Transition.objects.filter(assignment=OuterRef("pk"), deadline__isnull=False).order_by()
    left = Subquery(steps.values("assignment").annotate(day=Min("deadline")).values("day"))
    first = Coalesce("original_deadline", "deadline")
    with_day = Assignment.objects.filter(Q(deadline__isnull=False) | Q(original_deadline__isnull=False))
    with_day.update(earliest_deadline=Least(first, Coalesce("deadline", first), Coalesce(left, first)))


class Migration(migrations.Migration):
    dependencies = [("tracker", "0003_office_settings")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="earliest_deadline",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalassignment",
            name="earliest_deadline",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(reckon, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                fields=["closed_on", "earliest_deadline"],
                condition=Q(deleted_at=None),
                name="assignment_overdue_then",
            ),
        ),
        migrations.AlterField(
            model_name="unitfigures",
            name="unit",
            field=models.OneToOneField(on_delete=models.CASCADE, related_name="figures", to="tracker.unit"),
        ),
    ]
