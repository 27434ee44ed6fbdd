"""What the admins of an institute look after: its link, its domains, its admins."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from codetrack.accounts import addresses, events, permissions, queries
from codetrack.accounts.models import (
    EmailDomain,
    Institute,
    Membership,
    User,
    new_invitation,
)
from codetrack.accounts.services.membership import check_other_admin
from codetrack.core.errors import Conflict, Problem
from codetrack.core.events import record

# Anybody can have an address here, so such a domain would let everybody in.
PUBLIC_MAIL = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com"),
        *("icloud.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "mail.ru"),
        *("yandex.ru", "qq.com", "163.com", "zoho.com", "aol.com"),
    }
)


def new_institute(name: str) -> Institute:
    """An institute with an address of its own: `name` as a slug, numbered when it is taken."""
    base = slugify(name)[:50] or "club"
    taken = set(Institute.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slugs = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return Institute.objects.create(name=name, slug=next(s for s in slugs if s not in taken))


@transaction.atomic
def found_institute(*, name: str, by: User) -> Institute:
    """One more institute on this server; the site admin names its first admin."""
    permissions.demand(by.is_superuser)
    institute = new_institute(name)
    founded = events.InstituteFounded(institute_id=institute.pk)
    record(founded, actor=by, subject=institute)
    return institute


@transaction.atomic
def rotate_invitation(*, institute: Institute, by: User) -> None:
    """A new invitation link; the old one no longer works."""
    permissions.demand(permissions.may_manage(by, institute))
    institute.invitation = new_invitation()
    institute.save(update_fields=["invitation"])
    rotated = events.InvitationRotated(institute_id=institute.pk)
    record(rotated, actor=by, subject=institute, topics=[f"admins:{institute.pk}"])


def check_domain(*, institute: Institute, domain: str, by: User) -> str:
    """The domain as `add_domain` would keep it; raises what would be wrong with it.

    An institute admin can add the domain of their own confirmed address, the site admin any.
    """
    permissions.demand(permissions.may_manage(by, institute))
    domain = _clean_domain(domain)
    if not by.is_superuser and not _is_of(domain, by):
        raise Problem(
            _("You can add the domain of your own e-mail address. The site admin can add others."),
            code="foreign_domain",
            field="domain",
        )
    if EmailDomain.objects.filter(domain=domain).exists():
        raise _taken()
    return domain


@transaction.atomic
def add_domain(*, institute: Institute, domain: str, by: User) -> EmailDomain:
    """Members with a confirmed address of `domain` join without being asked for."""
    domain = check_domain(institute=institute, domain=domain, by=by)
    row, created = EmailDomain.objects.get_or_create(
        domain=domain, defaults={"institute": institute}
    )
    if not created:  # by somebody else, a moment ago
        raise _taken()
    added = events.DomainAdded(institute_id=institute.pk, domain=domain)
    record(added, actor=by, subject=institute, topics=[f"admins:{institute.pk}"])
    return row


@transaction.atomic
def remove_domain(*, domain: EmailDomain, by: User) -> None:
    """Nobody joins by this domain any more; who did stays."""
    institute = domain.institute
    permissions.demand(permissions.may_manage(by, institute))
    domain.delete()
    removed = events.DomainRemoved(institute_id=institute.pk, domain=domain.domain)
    record(removed, actor=by, subject=institute, topics=[f"admins:{institute.pk}"])


@transaction.atomic
def make_institute_admin(*, membership: Membership, by: User) -> None:
    """Another member looks after the institute as well."""
    permissions.demand(permissions.may_manage(by, membership.institute))
    changed = Membership.objects.current().filter(pk=membership.pk, is_admin=False)
    if not changed.update(is_admin=True):
        raise Conflict(_("Only a member who is no admin yet can be made one."), code="not_possible")
    named = events.AdminNamed(institute_id=membership.institute_id, member_id=membership.member_id)
    record(named, actor=by, subject=membership.institute, topics=_topics(membership))


@transaction.atomic
def withdraw_institute_admin(*, membership: Membership, by: User) -> None:
    """Steps down, or makes another admin a member again. One admin stays."""
    institute = Institute.objects.select_for_update(no_key=True).get(pk=membership.institute_id)
    permissions.demand(permissions.may_manage(by, institute))
    row = Membership.objects.current().filter(pk=membership.pk, is_admin=True).first()
    if row is None:
        raise Conflict(_("This member is no admin."), code="not_possible")
    check_other_admin(row)
    row.is_admin = False
    row.save(update_fields=["is_admin"])
    withdrawn = events.AdminWithdrawn(institute_id=institute.pk, member_id=row.member_id)
    record(withdrawn, actor=by, subject=institute, topics=_topics(row))


def _clean_domain(text: str) -> str:
    domain = addresses.normal_domain(text.lower().rpartition("@")[2])
    try:
        validate_domain_name(domain)
    except ValidationError as error:
        raise Problem(
            _("That is no domain. It looks like college.edu."), code="bad_domain", field="domain"
        ) from error
    if domain in PUBLIC_MAIL:
        raise Problem(
            _("Anybody can have an address at %(domain)s, so everybody could join.")
            % {"domain": domain},
            code="public_domain",
            field="domain",
        )
    return domain


def _taken() -> Conflict:
    return Conflict(_("This domain is in use already."), code="domain_taken", field="domain")


def _is_of(domain: str, member: User) -> bool:
    return any(address.endswith(f"@{domain}") for address in queries.confirmed_addresses(member))


def _topics(row: Membership) -> list[str]:
    return [f"institute:{row.institute_id}", f"member:{row.member_id}"]
