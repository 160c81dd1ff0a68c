"""Which addresses are everybody's, and whose site a name is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.lookups import is_public, owner_of


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)
def test_a_public_address_is_everybodys(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1"),
        *("64:ff9b::a00:1", "2002:7f00:1::", "2001:0:1::", "fec0::1"),
    ],
)
def test_an_address_that_is_not_everybodys_is_not_public(address):
    assert not is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_way_of_writing_a_private_address_makes_it_public(address):
    written = (str(address), f"::ffff:{address}", f"64:ff9b::{address}")

    assert not any(map(is_public, written))


def test_customers_of_one_roof_have_each_their_own_site():
    assert owner_of("https://a.github.io/x") != owner_of("https://b.github.io/x")
    assert owner_of("https://www.oreo.co.uk") == owner_of("https://shop.oreo.co.uk")
