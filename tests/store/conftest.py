import pytest

from rtm.store.audit import verify
from rtm.store.store import Store


@pytest.fixture
def store(tmp_path):
    """Give a store; whatever a test had it keep must be chained at the end."""
    store = Store.open(tmp_path)
    yield store
    store.close()
    assert verify(tmp_path).broken is None
