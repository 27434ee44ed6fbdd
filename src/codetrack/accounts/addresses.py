"""One spelling of an e-mail address, so that one mailbox is one account."""

from __future__ import annotations

from django.utils.encoding import punycode


def normal(email: str) -> str:
    """Lower-case, the domain as mail servers look it up: “ｃollege.edu” is college.edu."""
    local, at, domain = email.strip().lower().rpartition("@")
    return f"{local}{at}{normal_domain(domain)}"


def normal_domain(domain: str) -> str:
    """The domain in ASCII (IDNA, which folds by NFKC); what is no domain comes back as it is."""
    try:
        return punycode(domain.strip()).lower()
    except UnicodeError:
        return domain
