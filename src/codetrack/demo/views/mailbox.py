"""The mailbox of everybody: what the mail server got, and how it behaves."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from codetrack.demo.forms import FindForm, MannerForm
from codetrack.demo.mailbox import Mail, Manner
from codetrack.demo.views import pretend

PAGE = 30
# A mail may style itself and nothing else; it is shown in a frame without rights.
MAIL_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    box, words = pretend().mailbox, FindForm.words(request.GET)
    found = [mail for mail in box.all() if words in _index(mail)]
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "form": MannerForm(initial={"manner": box.manner}),
        "broken": box.manner is not Manner.ACCEPT,
    }
    return render(request, "demo/mailbox.html", context)


@require_GET
def mail(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": _mail(number)})


@require_GET
@xframe_options_sameorigin
@csp_override(MAIL_CSP)
def body(request: HttpRequest, number: int) -> HttpResponse:
    """The HTML of a mail as it came, for the frame on its page."""
    return HttpResponse(_mail(number).html)


@require_POST
def manner(request: HttpRequest) -> HttpResponse:
    form = MannerForm(request.POST)
    if form.is_valid():
        pretend().mailbox.manner = Manner(form.cleaned_data["manner"])
        messages.success(request, _("The mail server behaves so from now on."))
    return redirect("demo:mailbox")


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    pretend().mailbox.clear()
    messages.success(request, _("The mailbox is empty."))
    return redirect("demo:mailbox")


def _mail(number: int) -> Mail:
    found = pretend().mailbox.get(number)
    if found is None:
        raise Http404(_("There is no such mail in the pretend mailbox."))
    return found


def _index(mail: Mail) -> str:
    return f"{mail.subject} {' '.join(mail.recipients)}".lower()
