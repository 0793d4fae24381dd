"""How the application tests prove that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications.models import ApplicationDocument
from tests.applications.conftest import acts_on, running


def refuses(subject: Any, error: type[Exception], call: Callable[[], Any]) -> Exception:
    """Check that a call is refused and leaves state, clocks, acts and papers as they were."""

    def standing() -> tuple[Any, ...]:
        subject.refresh_from_db()
        papers = ApplicationDocument.objects.count()
        return subject.state, running(subject), acts_on(subject), papers

    before = standing()
    with pytest.raises(error) as caught:
        call()
    assert standing() == before
    return caught.value
