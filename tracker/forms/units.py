"""A unit: its names, its place in the tree, and whom it stands for if it is a group."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker import tree
from tracker.filters import UnitChoice
from tracker.forms.commitments import UnitsChoice, leaders
from tracker.models import Unit, UnitAlias, User
from tracker.workflow import Refused


class UnitForm(forms.ModelForm):
    """Everything about one unit. ``version`` is the one that the user was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    parent = UnitChoice(label=_("Below"), queryset=Unit.objects.none(), required=False)
    aliases = forms.CharField(
        label=_("Also called"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name a line, as speeches and ledgers use them. A name means one unit only."),
    )
    members = UnitsChoice(
        label=_("Members"),
        required=False,
        help_text=_("Only for a group: whoever is charged with it charges each member."),
    )

    field_order = ["name", "short_name", "kind", "parent", "aliases", "members", "leader", "position", "is_active"]

    class Meta:
        model = Unit
        fields = ["name", "short_name", "kind", "position", "leader", "is_active"]
        labels = {"name": _("Name of the unit"), "kind": _("Kind of unit"), "is_active": _("The unit is in use")}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["parent"].initial = self.instance.parent_id
        self.fields["parent"].queryset = Unit.objects.with_tree_fields().exclude(kind=Unit.Kind.GROUP)
        self.fields["members"].queryset = UnitsChoice.active()
        self.fields["leader"].queryset = leaders()
        self.fields["version"].initial = self.instance.version
        if self.instance.pk:
            names = self.instance.aliases.values_list("name", flat=True)
            self.fields["aliases"].initial = "\n".join(names)
            self.fields["members"].initial = list(self.instance.members.values_list("pk", flat=True))

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if UnitAlias.objects.filter(name=name).exclude(unit=self.instance.pk).exists():
            raise ValidationError(_("Another unit goes by this name."))
        return name

    def clean_aliases(self) -> list[str]:
        names = list(dict.fromkeys(filter(None, (line.strip() for line in self.cleaned_data["aliases"].splitlines()))))
        for name in names:
            if len(name) > 100:
                raise ValidationError(_("“%(name)s” is too long.") % {"name": name[:20]})
            others = Unit.objects.filter(name=name).exclude(pk=self.instance.pk)
            if others.exists() or UnitAlias.objects.filter(name=name).exclude(unit=self.instance.pk).exists():
                raise ValidationError(_("“%(name)s” means another unit already.") % {"name": name})
        return names

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        members = given.get("members")
        if members and given.get("kind") != Unit.Kind.GROUP:
            self.add_error("members", _("Only a group has members. Choose “group of units” as its kind."))
        return given

    def save(self) -> Unit:
        """Save all of it, or nothing. Raises ``Refused`` with the field that is at fault."""
        given = self.cleaned_data
        try:
            return tree.save(
                self.instance,
                by=self.by,
                parent=given["parent"],
                aliases=given["aliases"],
                members=given["members"],
                version=given["version"],
            )
        except Refused as error:
            self.add_error(error.field if error.field in self.fields else None, error)
            raise
