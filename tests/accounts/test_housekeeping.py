"""What is thrown away by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from codetrack.core import jobs
from codetrack.core.testing import run_jobs
from tests.accounts.test_settings import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_deleted(cast: Cast) -> None:
    here, there = sign_in(cast.alice), sign_in(cast.bob)
    over = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=there.session.session_key).update(expire_date=over)
    jobs.later("accounts.clear_sessions")
    run_jobs()
    assert Session.objects.get().pk == here.session.session_key
