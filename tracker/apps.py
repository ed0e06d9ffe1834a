import logging

import jieba
from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Supervision ledger")

    def ready(self) -> None:
        from speeches.models import Speech
        from tracker import rules, search, standings  # noqa: F401  rules registers the permissions
        from tracker.models import Assignment, Commitment

        # jieba sets its own level when it is imported, over what the settings say.
        jieba.setLogLevel(logging.WARNING)
        for model in (Speech, Commitment):
            post_save.connect(search.keep_up, sender=model, dispatch_uid=f"search {model.__name__}")
            post_delete.connect(search.drop, sender=model, dispatch_uid=f"search {model.__name__}")
        for signal in (post_save, post_delete):
            signal.connect(standings.forget, sender=Assignment, dispatch_uid="standings of the unit")
