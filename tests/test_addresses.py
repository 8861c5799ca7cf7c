import pytest

from prep.addresses import ServiceUrl, WebAddress, is_loopback


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://prep.kunta.example", "https://prep.kunta.example"),
        ("HTTPS://Prep.Kunta.example:443/", "https://prep.kunta.example"),
        ("https://prep.kunta.example:8443", "https://prep.kunta.example:8443"),
        ("http://prep", "http://prep"),
        ("http://localhost:80", "http://localhost"),
        ("http://[2001:DB8::7]:8351", "http://[2001:db8::7]:8351"),
    ],
)
def test_an_address_has_one_form(text: str, read: str) -> None:
    assert str(WebAddress.read(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "prep.kunta.example",
        "https:prep.kunta.example",
        "https://",
        "ftp://prep.kunta.example",
        "javascript:alert(1)",
        "https://prep.kunta.example/prep",
        "https://prep.kunta.example?x=1",
        "https://prep.kunta.example#x",
        "https://aino@prep.kunta.example",
        "https://aino:salasana@prep.kunta.example",
        "https://prep.kunta.example:99999",
        "https://prep.kunta.example:x",
        "https://prep .kunta.example",
        "https://prep.kunta.example\r\nSet-Cookie: x=1",
        "https://prep.kunta.example\\@evil.example",
        "https://kuntä.example",
        "https://-prep.example",
        "https://[::1",
    ],
)
def test_what_is_no_address_of_pages_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the setting says it in words
        WebAddress.read(text)


@pytest.mark.parametrize(
    ("text", "https", "loopback", "name"),
    [
        ("https://prep.kunta.example", True, False, True),
        ("http://localhost:8351", False, True, True),
        ("http://127.0.0.1:8351", False, True, False),
        ("https://[::1]", True, True, False),
        ("http://192.0.2.7", False, False, False),
    ],
)
def test_an_address_tells_what_decides_how_pages_are_served(
    text: str, *, https: bool, loopback: bool, name: bool
) -> None:
    address = WebAddress.read(text)
    assert (address.is_https, address.is_loopback, address.is_name) == (https, loopback, name)


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("https://login.kunta.example/realms/Kunta", True),
        ("https://login.kunta.example/", True),
        ("http://127.0.0.1:9000/", True),
        ("http://localhost:9000", True),
        ("http://login.kunta.example", False),
        ("https://login.kunta.example/?tenant=1", False),
        ("https://login.kunta.example/#x", False),
        ("https://aino@login.kunta.example", False),
        ("login.kunta.example", False),
        ("file:///etc/passwd", False),
    ],
)
def test_another_service_is_named_letter_by_letter_and_over_tls(text: str, *, is_kept: bool) -> None:
    if is_kept:
        assert ServiceUrl.read(text) == text
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - the setting says it in words
            ServiceUrl.read(text)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "192.0.2.7", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_another_machine_is_not_taken_for_this_one(host: str) -> None:
    assert not is_loopback(host)
