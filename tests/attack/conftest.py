"""What several of these suites begin with."""

import pytest

from lib.shop import Person, Shop


@pytest.fixture
def product(shop: Shop, supplier: Person) -> int:
    """Of the supplier's, ten in the house."""
    return shop.stocked(shop.product(by=supplier, stockQuantity=10))["id"]
