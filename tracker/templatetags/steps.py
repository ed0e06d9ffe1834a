"""The steps that a user may take on an assignment, for templates."""

from typing import Any

from django import template

from tracker.forms.steps import FORMS
from tracker.models import Assignment
from tracker.workflow import actions_for

register = template.Library()


@register.filter
def steps_for(assignment: Assignment, user: Any) -> list[dict[str, Any]]:
    """Name and title of each step that ``user`` may take now. For a list prefetch ``extensions``."""
    return [{"action": action, "title": FORMS[action].title} for action in actions_for(user, assignment)]
