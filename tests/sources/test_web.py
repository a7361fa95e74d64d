"""web: the one door to the network. A real HTTPS server, and every way to be led astray."""

from __future__ import annotations

import gzip
import http.server
import ipaddress
import random
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from excavate import __version__
from excavate.sources.web import Limits, Web
from excavate.sources.web_addresses import checked, is_public, located
from excavate.sources.web_error import WebError
from tests.sources.https_server import NAME, QUICK, Answer, Host

SHUT = [
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",
    "100.64.0.0/10", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15", "192.0.2.0/24",
    "::1/128", "::/128", "fe80::/10", "fc00::/7", "ff00::/8", "2001:db8::/32",
]  # fmt: skip


def refused(web: Web, address: str, **more: object) -> str:
    """Why an address is not read, the port left out."""
    with pytest.raises(WebError) as error:
        web.fetch(address, **more)  # type: ignore[arg-type]
    return str(error.value)


def inside(network: str) -> st.SearchStrategy[str]:
    inner = ipaddress.ip_network(network)
    return st.integers(int(inner[0]), int(inner[-1])).map(
        lambda number: str(type(inner[0])(number))
    )


@given(st.sampled_from(SHUT).flatmap(inside))
def test_an_address_of_a_closed_network_is_refused(ip: str) -> None:
    assert not is_public(ip)


@given(st.sampled_from([n for n in SHUT if ":" not in n]).flatmap(inside))
def test_nor_is_it_reached_as_ipv6(ip: str) -> None:
    number = int(ipaddress.IPv4Address(ip))
    for form in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"::{ip}"):
        assert not is_public(form)
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | number << 80)))


@given(st.ip_addresses())
@example(ipaddress.ip_address("192.88.99.1"))
def test_what_is_allowed_is_global_for_the_standard_library_too(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(str(ip)):
        assert ip.is_global or ip in ipaddress.ip_network("64:ff9b::/96")
        assert not any((ip.is_private, ip.is_loopback, ip.is_link_local, ip.is_multicast))


@pytest.mark.parametrize("ip", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
def test_the_public_internet_is_open(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", ["fe80::1%eth0", "", "museum", "1.2.3", "::ffff:8.8.8.8"])
def test_what_is_no_plain_address_is_closed(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://a.org/x", "http://a.org/x: only https addresses are read, this is http. "),
        ("file:///etc/passwd", "file:///etc/passwd: only https addresses are read, this is file. "),
        ("a.org/x", "a.org/x: only https addresses are read, this is no scheme. "),
        ("https://me:word@a.org/", "a.org: an address with a user name or password is not asked. "),
        ("https://me@a.org/", "a.org: an address with a user name or password is not asked. "),
        ("https:///x", "https:///x: no host in the address. "),
    ],
)
def test_an_address_that_is_not_asked(address: str, why: str) -> None:
    todo = "Check the address, or download it and give the file"
    assert refused(Web(), address) == why + todo


def test_an_address_that_is_no_text_can_be_told() -> None:
    said = refused(Web(), "https://a.org/\ud800")
    assert said.encode().startswith(b"https://a.org/\\ud800: no address of the web (")


@pytest.mark.parametrize(
    ("address", "ip"),
    [
        ("https://127.0.0.1/", "127.0.0.1"),
        ("https://127.1/", "127.0.0.1"),
        ("https://2130706433/", "127.0.0.1"),
        ("https://0x7f000001/", "127.0.0.1"),
        ("https://[::1]/", "::1"),
        ("https://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1"),
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254"),
        ("https://localhost/", None),
    ],
)
def test_numbers_for_hosts_are_refused_without_a_connection(address: str, ip: str | None) -> None:
    said = refused(Web(), address)
    assert "which is no public address of the internet" in said
    assert ip is None or ip in said


def test_one_private_answer_among_public_ones_is_enough(host: Host) -> None:
    web = host.web(resolve=lambda name, port: ["127.0.0.1", "10.0.0.7"])
    assert refused(web, host.put("/a", b"x")) == (
        f"https://{NAME}:{host.port}/a: {NAME} lies at 10.0.0.7, which is no public "
        "address of the internet. Check the address, or download it and give the file"
    )
    assert host.asked == []


def test_a_file_is_read(host: Host) -> None:
    address = host.put("/a%20b?c=1", "둘".encode(), "Text/Plain; charset=utf-8")
    found = host.web().fetch(address + "#part")
    assert (found.address, found.content_type) == (address, "text/plain")
    assert found.content.decode() == "둘"
    assert host.paths == ["/robots.txt", "/a%20b?c=1"]
    said = host.asked[1][1]
    assert said["Host"] == f"{NAME}:{host.port}"
    assert said["User-Agent"] == f"Excavate/{__version__} (mining the absent dataset)"
    assert "Cookie" not in said


def test_the_connection_goes_where_was_checked(host: Host) -> None:
    """A name that is answered otherwise the second time: the answer is asked once a request."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]])
    web = host.web(resolve=lambda name, port: next(answers))
    assert web.fetch(host.put("/a", b"x")).content == b"x"
    assert list(answers) == [["10.0.0.1"]]


def test_the_address_that_was_found_is_the_one_connected_to(host: Host) -> None:
    address = host.put("/a", b"x")
    nobody = host.web(resolve=lambda name, port: ["127.0.0.9"], allow=lambda ip: True)
    assert f"{address}: {NAME} cannot be reached (" in refused(nobody, address)
    both = host.web(resolve=lambda name, port: ["127.0.0.9", "127.0.0.1"], allow=lambda ip: True)
    assert both.fetch(address).content == b"x"


def test_the_name_is_proved_and_not_the_number(host: Host) -> None:
    address = host.put("/a", b"x").replace(NAME, "other.test")
    said = refused(host.web(), address)
    assert said == (
        f"https://other.test:{host.port}/a: other.test does not prove its name "
        "(certificate). Do not trust it, or download the file by other means"
    )
    assert host.asked == []


def test_an_unknown_certificate_is_not_trusted(host: Host) -> None:
    said = refused(host.web(verify=None), host.put("/a", b"x"))
    assert "does not prove its name (certificate)" in said


def test_redirects_are_followed(host: Host) -> None:
    address = host.put("/a", b"", status=302, Location="/b")
    host.put("/b", b"", status=307, Location=f"{host.base}/c")
    host.put("/c", b"there")
    found = host.web().fetch(address)
    assert (found.content, found.address) == (b"there", f"{host.base}/c")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("https://10.0.0.1/x", "10.0.0.1 lies at 10.0.0.1, which is no public address"),
        ("https://[fe80::1]/x", "fe80::1 lies at fe80::1, which is no public address"),
        ("http://museum.test/x", "only https addresses are read, this is http"),
        ("file:///etc/passwd", "only https addresses are read, this is file"),
        ("https://a:b@museum.test/x", "an address with a user name or password is not asked"),
    ],
)
def test_a_redirect_leads_nowhere_that_is_closed(host: Host, target: str, why: str) -> None:
    address = host.put("/a", b"", status=302, Location=target)
    web = host.web(resolve=lambda name, port: ["127.0.0.1" if name == NAME else name])
    assert why in refused(web, address)
    assert host.paths == ["/robots.txt", "/a"]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("https://[::1", "no address of the web ("),
        ("https://museum.test:abc/", "no address of the web ("),
        ("https://xn--/", "no address of the web ("),
        ("/" + "x" * 65_530, "no address of the web ("),
    ],
)
def test_a_redirect_to_no_address_at_all(host: Host, target: str, why: str) -> None:
    address = host.put("/a", b"", status=302, Location=target)
    said = refused(host.web(), address)
    shown = target if len(target) < 200 else f"{target[:200]}…"
    assert said.startswith(f"{address} -> {shown}: {why}")


def late(seconds: float, status: int = 200, **more: str) -> Answer:
    """An answer that takes its time."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        request.send_response(status)
        for name, value in {"Content-Length": "0", **more}.items():
            request.send_header(name, value)
        request.end_headers()

    return answer


@pytest.mark.parametrize("robots", [0.0, 1.2])
def test_the_time_of_a_fetch_runs_over_all_its_requests(host: Host, robots: float) -> None:
    """Each answer comes in time, all of them together do not."""
    host.answers["/robots.txt"] = late(robots)
    steps = 5 if not robots else 2
    for number in range(steps):
        host.answers[f"/{number}"] = late(0.8, 302, Location=f"/{number + 1}")
    host.answers[f"/{steps}"] = late(0)
    said = refused(host.web(Limits(read=20, whole=2, pause=0)), f"{host.base}/0")
    assert "not there after 2 seconds" in said
    assert f"/{steps}" not in host.paths


def test_time_spent_waiting_does_not_count(host: Host) -> None:
    host.put("/robots.txt", b"")
    host.put("/a", b"x")
    web = host.web(Limits(whole=3, pause=3.5), sleep=time.sleep)
    assert web.fetch(f"{host.base}/a").content == b"x"


def test_redirects_end(host: Host) -> None:
    address = host.put("/a", b"", status=301, Location="/a")
    assert refused(host.web(), address) == (
        f"{address}: more than 5 redirects. Check the address, or download it and give the file"
    )
    assert host.paths.count("/a") == 6


def test_too_many_bytes(host: Host) -> None:
    address = host.put("/a", b"x" * 2000)
    assert host.web().fetch(address, most=2000).content == b"x" * 2000
    said = f"{address}: more than the 1,999 bytes allowed. Download it and give the file"
    assert refused(host.web(), address, most=1999) == said


def test_packed_answers_are_unpacked(host: Host) -> None:
    said = b"verbatim " * 500
    address = host.put("/a", gzip.compress(said), Content_Encoding="gzip")
    assert host.web().fetch(address).content == said


def test_every_member_of_a_packed_answer_is_read(host: Host) -> None:
    packed = b"".join(gzip.compress(part) for part in (b"first ", b"", b"second"))
    address = host.put("/a", packed, Content_Encoding="gzip")
    assert host.web().fetch(address).content == b"first second"
    assert host.web().fetch(address, most=12).content == b"first second"
    assert "more than the 11 bytes allowed" in refused(host.web(), address, most=11)


def test_what_hardly_packs_may_be_as_long_as_anything(host: Host) -> None:
    said = random.Random(1).randbytes(50_000)
    address = host.put("/a", gzip.compress(said), Content_Encoding="gzip")
    assert host.web().fetch(address, most=50_000).content == said


@pytest.mark.parametrize(
    ("more", "most", "why"),
    [
        (b"\0" * 10**7, 10**8, "the answer broke off ("),
        (b"\0" * 10**7, 1000, "more than the 1,000 bytes allowed"),
        (gzip.compress(b"", mtime=0) * 300_000, 1000, "more than the 1,000 bytes allowed"),
    ],
)
def test_no_flood_comes_behind_a_packed_answer(
    host: Host, more: bytes, most: int, why: str
) -> None:
    address = host.put("/a", gzip.compress(b"x") + more, Content_Encoding="gzip")
    assert why in refused(host.web(), address, most=most)


def test_a_bomb_does_not_go_off(host: Host) -> None:
    packed = gzip.compress(b"\0" * 300_000_000, 9)
    assert len(packed) < 400_000
    address = host.put("/a", packed, Content_Encoding="gzip")
    said = f"{address}: more than the 1,000,000 bytes allowed. Download it and give the file"
    assert refused(host.web(), address, most=1_000_000) == said


@pytest.mark.parametrize(
    ("packed", "coding", "why"),
    [
        (gzip.compress(b"x" * 99, mtime=0)[:-6], "gzip", "the packed answer is cut off"),
        (b"no gzip", "gzip", "incorrect header check"),
        (b"x", "br", "packed in a way that was not asked for (br)"),
    ],
)
def test_badly_packed(host: Host, packed: bytes, coding: str, why: str) -> None:
    said = refused(host.web(), host.put("/a", packed, Content_Encoding=coding))
    assert why in said


def trickle(*pieces: bytes, seconds: float = 0.15) -> object:
    """An answer that comes piece by piece."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            request.wfile.write(piece)
            request.wfile.flush()
            time.sleep(seconds)

    return answer


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_trickles_is_left(host: Host, head: bytes) -> None:
    host.answers["/a"] = trickle(head, *[b"x"] * 400)  # type: ignore[assignment]
    host.put("/robots.txt", b"")
    web = host.web(Limits(read=1, whole=2, pause=0))
    begun = time.monotonic()
    assert refused(web, f"{host.base}/a") == (
        f"{host.base}/a: not there after 2 seconds. "
        "Try again later, or download it and give the file"
    )
    assert time.monotonic() - begun < 30  # of the sixty that it would take


def test_a_host_that_says_nothing_is_left(host: Host) -> None:
    host.answers["/a"] = trickle(b"", seconds=20)  # type: ignore[assignment]
    host.put("/robots.txt", b"")
    said = refused(host.web(Limits(read=2, pause=0)), f"{host.base}/a")
    assert said.startswith(f"{host.base}/a: the answer broke off (")


def test_an_answer_that_is_cut_off_is_no_answer(host: Host) -> None:
    host.answers["/a"] = trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nxx", seconds=0)  # type: ignore[assignment]
    assert "the answer broke off (" in refused(host.web(), f"{host.base}/a")


def test_content_types(host: Host) -> None:
    address = host.put("/a", b"<html>", "text/html; charset=utf-8")
    assert host.web().fetch(address, types=("image/", "text/")).content == b"<html>"
    said = refused(host.web(), address, types=("application/json", "application/ld+json"))
    assert said.startswith(f"{address}: it is text/html, not application/json. ")
    untold = host.put("/b", b"{}", "")
    assert host.web().fetch(untold, types=("application/json",)).content == b"{}"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "the host answers 404: nothing is there"),
        (403, "the host answers 403: it refuses us"),
        (500, "the host answers 500"),
        (304, "the host answers 304"),
    ],
)
def test_no_answer_is_no_content(host: Host, status: int, said: str) -> None:
    address = host.put("/a", b"a page that says sorry", status=status)
    todo = "Check the address, or download it and give the file"
    assert refused(host.web(), address) == f"{address}: {said}. {todo}"


def test_robots_are_obeyed_and_asked_once(host: Host) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: excavate\nDisallow: /private\n"
    host.put("/robots.txt", rules)
    open_, shut = host.put("/a", b"x"), host.put("/private/a", b"x")
    web = host.web()
    assert web.fetch(open_).content == b"x"
    assert refused(web, shut) == (
        f"{shut}: robots.txt asks that it be left alone. "
        "Ask its keepers, or download it by hand and give the file"
    )
    assert host.paths == ["/robots.txt", "/a"]


def test_a_redirect_does_not_go_round_robots(host: Host) -> None:
    host.put("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    address = host.put("/a", b"", status=302, Location="/private/a")
    host.put("/private/a", b"x")
    assert "robots.txt asks" in refused(host.web(), address)


@pytest.mark.parametrize(
    ("status", "is_open"), [(404, True), (401, True), (500, False), (429, False)]
)
def test_robots_that_cannot_be_had(host: Host, status: int, is_open: bool) -> None:
    host.put("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
    address = host.put("/a", b"x")
    if is_open:
        assert host.web().fetch(address).content == b"x"
    else:
        why = f"its robots.txt cannot be had ({status}), so it is left alone"
        assert why in refused(host.web(), address)
        assert "/a" not in host.paths


def test_long_robots_are_read_as_far_as_they_must_be(host: Host) -> None:
    """500 KiB; the last line of them is half of one, and no rule."""
    rules = b"User-agent: *\nDisallow: /private\n"
    rules += b"#" * (500 * 2**10 - len(rules) - 12) + b"\nDisallow: /open/x\nDisallow: /a\n"
    assert rules[: 500 * 2**10].endswith(b"\nDisallow: /")
    host.put("/robots.txt", rules)
    web = host.web()
    assert web.fetch(host.put("/a", b"x")).content == b"x"
    assert "robots.txt asks" in refused(web, host.put("/private/a", b"x"))
    assert host.paths.count("/robots.txt") == 1


def test_robots_in_a_ring_are_asked_for_once_and_named(host: Host) -> None:
    host.put("/robots.txt", b"", status=302, Location="/robots.txt")
    web = host.web()
    for name in ("/a", "/b"):
        address = host.put(name, b"x")
        assert refused(web, address) == (
            f"{address}: its robots.txt cannot be had (more than 5 redirects). "
            "Check the address, or download it and give the file"
        )
    assert host.paths == ["/robots.txt"] * 6


def test_robots_that_may_come_another_time_are_asked_for_thrice(host: Host) -> None:
    broken = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nxx"
    host.answers["/robots.txt"] = trickle(broken, seconds=0)  # type: ignore[assignment]
    web = host.web()
    for name in "abcd":
        said = refused(web, host.put(f"/{name}", b"x"))
        assert said.startswith(f"{host.base}/{name}: its robots.txt cannot be had (the answer ")
    assert host.paths == ["/robots.txt"] * 3


def test_requests_keep_a_distance(host: Host) -> None:
    web = host.web(Limits(pause=30))
    host.put("/robots.txt", b"")
    for name in ("/a", "/b"):
        web.fetch(host.put(name, b"x"))
    assert len(host.slept) == 2  # robots.txt, a pause, /a, a pause, /b
    assert all(29 < seconds <= 30 for seconds in host.slept)


def test_a_delay_of_robots_is_kept_or_refused(host: Host) -> None:
    host.put("/robots.txt", b"User-agent: *\nCrawl-delay: 4\n")
    host.web().fetch(host.put("/a", b"x"))
    assert [round(seconds) for seconds in host.slept] == [4]
    host.put("/robots.txt", b"User-agent: *\nCrawl-delay: 86400\n")
    said = refused(host.web(), f"{host.base}/a")
    assert "its robots.txt asks for 86,400 seconds between two requests" in said


def test_a_busy_host_is_asked_again_when_it_says(host: Host) -> None:
    address = host.put("/a", b"x", status=429, Retry_After="3")
    with pytest.raises(WebError) as error:
        host.web().fetch(address)
    assert str(error.value).startswith(f"{address}: the host answers 429. ")
    assert error.value.temporary
    assert host.slept == [3, 3]
    assert host.paths.count("/a") == 3


def test_a_date_to_come_back_at(host: Host) -> None:
    later = formatdate(time.time() + 1000, usegmt=True)
    address = host.put("/a", b"x", status=503, Retry_After=later)
    said = refused(host.web(), address)
    assert said.startswith(f"{address}: the host is busy and asks to wait ")
    assert host.slept == []


def test_offline_is_said_as_such_and_soon() -> None:
    def unknown(name: str, port: int) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    with pytest.raises(WebError) as error:
        Web(resolve=unknown).fetch("https://museum.test/manifest.json")
    assert str(error.value) == (
        "https://museum.test/manifest.json: no network here, or no host museum.test. "
        "Check the connection and the address"
    )
    assert error.value.temporary


def test_a_resolver_that_never_answers_is_left() -> None:
    def asleep(name: str, port: int) -> list[str]:
        woken.wait(600)
        return ["8.8.8.8"]

    woken = threading.Event()
    with pytest.raises(WebError, match="no network here"):
        located(checked("https://museum.test/"), asleep, is_public, 0.1)
    assert not woken.is_set(), "it was left while it slept"
    woken.set()


def test_nobody_listens(host: Host) -> None:
    web = host.web(QUICK)
    said = refused(web, "https://museum.test:1/")
    assert said.startswith("https://museum.test:1/: museum.test cannot be reached (")


def test_proxies_of_the_environment_are_not_used(
    host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert host.web().fetch(host.put("/a", b"x")).content == b"x"
