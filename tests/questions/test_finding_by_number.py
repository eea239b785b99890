import pytest

from evidence.models import Posting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["answer", "question"])
def test_a_text_is_found_by_its_public_number(kind: str) -> None:
    case = factories.published() if kind == "answer" else factories.drafted()
    found = Posting.objects.filter(passage__kind=kind, passage__ref__in=[str(case.number), str(case.pk)])
    assert list(found.filter(term=f"r{case.number}").values_list("passage__part", flat=True)) == [0]
