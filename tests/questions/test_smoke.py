import pytest
from tests import factories as f
pytestmark = pytest.mark.django_db

@pytest.mark.parametrize("name", ["published","revising","retracted","referred","merged","declined","withdrawn"])
def test_reach(name):
    getattr(f, name)()
