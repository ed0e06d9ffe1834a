"""The steps that a user may take on an assignment, for templates."""

from typing import Any

from django import template

from tracker.forms.steps import FORMS
from tracker.models import Assignment
from tracker.workflow import actions_for

register = template.Library()

# What an assignment waits for: offered more boldly than what may be done to it besides.
NEXT = {"receive", "report", "accept", "decide_extension", "resume"}


@register.filter
def steps_for(assignment: Assignment, user: Any) -> list[dict[str, Any]]:
    """Name and title of each step that ``user`` may take now, and which is next. For a list prefetch ``extensions``."""
    possible = actions_for(user, assignment)
    following = next((action for action in possible if action in NEXT), None)
    return [{"action": action, "title": FORMS[action].title, "is_next": action == following} for action in possible]
