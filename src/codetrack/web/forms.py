"""How every form of the site is rendered, allauth's too: our markup by `{{ form }}` alone."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Widget


class Field(BoundField):
    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """No placeholder: the label says it already, and stays when something is typed."""
        return {**super().build_widget_attrs(attrs, widget), "placeholder": False}

    @property
    def is_optional(self) -> bool:
        """Whether its label says so: not where the form itself says what may stay empty."""
        return not self.field.required and getattr(self.form, "says_optional", True)


class FormRenderer(TemplatesSetting):
    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = Field
