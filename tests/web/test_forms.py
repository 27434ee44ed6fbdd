"""How any form comes out: labels, help, errors, and a summary that leads to them."""

from __future__ import annotations

import re

from django import forms

from codetrack.web.samples import SampleForm


def html_of(form: forms.Form) -> str:
    return re.sub(r">\s+<", "><", str(form))


def test_each_field_has_its_label_and_its_help() -> None:
    html = html_of(SampleForm())
    assert '<label for="id_handle">Codeforces handle</label>' in html
    assert 'aria-describedby="id_handle_helptext"' in html
    assert 'id="id_handle_helptext"' in html


def test_what_may_be_left_out_is_marked() -> None:
    assert "E-mail <small>optional</small>" in html_of(SampleForm())


def test_a_form_whose_fields_stand_for_each_other_marks_none() -> None:
    class Either(SampleForm):
        says_optional = False

    assert "optional" not in html_of(Either())


def test_a_label_is_not_said_twice() -> None:
    class Hinted(forms.Form):
        email = forms.EmailField(widget=forms.EmailInput(attrs={"placeholder": "E-mail address"}))

    assert "placeholder" not in html_of(Hinted())


def test_choices_stand_in_a_named_group() -> None:
    html = html_of(SampleForm())
    assert '<fieldset class="field"><legend>Mail</legend>' in html
    assert html.count('type="radio"') == 3


def test_a_fresh_form_shows_no_error() -> None:
    html = html_of(SampleForm())
    assert "errors-title" not in html
    assert "aria-invalid" not in html


def test_an_error_stands_at_its_field_and_in_the_summary() -> None:
    html = html_of(
        SampleForm({"handle": "nila varent", "zone": "UTC", "digest": "day", "visible": "on"})
    )
    assert "One thing to correct" in html
    assert '<a href="#id_handle">Codeforces handle</a>: A handle has no spaces' in html
    assert 'aria-describedby="id_handle_helptext id_handle_error"' in html
    assert '<p class="error" id="id_handle_error">' in html


def test_what_was_typed_is_kept() -> None:
    assert 'value="nila varent"' in html_of(SampleForm({"handle": "nila varent"}))


def test_the_summary_takes_the_focus() -> None:
    class Plain(forms.Form):
        name = forms.CharField()

    assert re.search(r'<div class="errors" tabindex="-1" autofocus', html_of(Plain({})))


def test_errors_of_the_whole_form_are_in_the_summary() -> None:
    form = SampleForm({"handle": "nila", "zone": "UTC", "digest": "day", "visible": "on"})
    form.add_error(None, "Somebody else was faster.")
    assert "<li>Somebody else was faster.</li>" in html_of(form)


def test_a_trap_for_robots_is_out_of_sight_and_out_of_the_way() -> None:
    class Trapped(forms.Form):
        phone = forms.CharField(widget=forms.TextInput(attrs={"tabindex": "-1"}))

    assert '<div class="vh" aria-hidden="true"><label' in html_of(Trapped())


def test_a_new_password_knows_how_long_it_must_be() -> None:
    class Fresh(forms.Form):
        new = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
        old = forms.CharField(widget=forms.PasswordInput)

    html = html_of(Fresh())
    assert html.count("data-least") == 1
    assert 'data-least="10"' in html


def test_hidden_fields_are_there_without_a_label() -> None:
    class Hidden(forms.Form):
        zone = forms.CharField(widget=forms.HiddenInput, required=False)

    html = html_of(Hidden())
    assert 'type="hidden" name="zone"' in html
    assert "<label" not in html
