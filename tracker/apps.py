from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Supervision ledger")

    def ready(self) -> None:
        from tracker import rules  # noqa: F401  registers the permissions
