"""Requests that are signed: with AWS Signature Version 4, with an HMAC, in the handshake of TLS."""

import asyncio
import hashlib
import hmac
import json
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Auth, Signing
from pipeline.platforms.local import certificates
from pipeline.platforms.local.addresses import PublicOnly
from pipeline.platforms.local.aws import AwsKey, aws_headers
from pipeline.platforms.local.broker import Outgoing
from pipeline.platforms.local.protocol import CallRefused
from tests.platforms.local.test_broker import Bench

# From https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
KEY = AwsKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
DAY = datetime(2013, 5, 24, tzinfo=UTC)
DOCUMENTED = [
    (
        "GET",
        "/test.txt",
        {"Range": "bytes=0-9"},
        b"",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    (
        "PUT",
        "/test$file.text",
        {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        b"Welcome to Amazon S3.",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    (
        "GET",
        "/?lifecycle",
        {},
        b"",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    (
        "GET",
        "/?max-keys=2&prefix=J",
        {},
        b"",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(("method", "path", "headers", "body", "signature"), DOCUMENTED)
def test_the_examples_of_aws_hold(
    method: str, path: str, headers: dict[str, str], body: bytes, signature: str
) -> None:
    url = httpx.URL(f"https://examplebucket.s3.amazonaws.com{path}")

    signed = aws_headers(KEY, "us-east-1/s3", method, url, headers, body, DAY)

    assert signed["Authorization"].endswith(f"Signature={signature}")
    assert signed["x-amz-content-sha256"] == hashlib.sha256(body).hexdigest()


def test_s3_is_reached_as_the_catalogue_says(bench: Bench) -> None:
    entry = Catalogue.load().system("s3")
    secrets = {"access_key_id": KEY.access_key_id, "secret_access_key": "the-secret"}
    config = {"bucket": "backups", "region": "eu-west-1"}
    bench.connect(entry.auth[0], secrets, entry.base_url, config)
    forged = {"X-Amz-Date": "20000101T000000Z", "Authorization": "forged"}

    bench.fetch(Outgoing("PUT", "/orders/2026/1%20a.json", forged, b"{}"))

    (request,) = bench.api.requests
    assert request.url.host == "backups.s3.eu-west-1.amazonaws.com"
    given = request.headers["authorization"]
    time = datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    key = KEY._replace(secret_access_key="the-secret")
    expected = aws_headers(key, "eu-west-1/s3", "PUT", request.url, {}, b"{}", time)
    assert given == expected["Authorization"]
    assert "the-secret" not in str(request.headers)


def test_a_session_token_is_sent_and_signed() -> None:
    key = KEY._replace(session_token="token")
    url = httpx.URL("https://sqs.eu-west-1.amazonaws.com/queue%20one")

    signed = aws_headers(key, "eu-west-1/sqs", "POST", url, {}, b"x", DAY)

    assert signed["x-amz-security-token"] == "token"
    assert "x-amz-security-token," in signed["Authorization"]


def test_a_request_is_signed_as_its_scheme_says(bench: Bench) -> None:
    signing = Signing(
        header="X-Sign",
        encoding="hex",
        prefix="v1 ",
        timestamp_header="X-Time",
        signed="{method}{path}{timestamp}{body}",
        secret_field="shared",
    )
    bench.connect(Auth(type="hmac", signing=signing), {"shared": "s"})

    bench.fetch(Outgoing("POST", "/orders?a=1", {"X-Sign": "forged", "x-time": "1"}, b"{}"))

    (request,) = bench.api.requests
    content = f"POST/v1/orders?a=1{request.headers['x-time']}".encode() + b"{}"
    assert request.headers["x-sign"] == "v1 " + hmac.new(b"s", content, "sha256").hexdigest()


def test_a_missing_secret_is_said(bench: Bench) -> None:
    bench.connect(Auth(type="hmac", signing=Signing()), {})

    with pytest.raises(CallRefused, match="connect the system again"):
        bench.fetch(Outgoing("GET", "/"))


# ---- Client certificates -----------------------------------------------------------------------


@contextmanager
def demanding(authority: trustme.CA) -> Iterator[str]:
    """A server that tells who shows a certificate of the authority, and speaks to nobody else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            subject = self.connection.getpeercert()["subject"]  # type: ignore[attr-defined]
            content = json.dumps({"subject": str(subject)}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client without a certificate breaks off."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def shown(authority: trustme.CA, name: str) -> dict[str, str]:
    """What a person types to show a certificate of that name."""
    issued = authority.issue_cert(f"{name}.example.com", common_name=name)
    return {
        "certificate": issued.cert_chain_pems[0].bytes().decode(),
        "private_key": issued.private_key_pem.bytes().decode(),
        "ca_certificate": authority.cert_pem.bytes().decode(),
    }


CERTIFICATE = Auth(type="certificate")


def ask(bench: Bench) -> Any:
    """Over the network that there really is."""
    bench.api = PublicOnly(frozenset({"localhost"}))  # type: ignore[assignment]
    [answer] = bench.fetch(Outgoing("GET", "/"))
    asyncio.run(bench.api.aclose())
    return json.loads(answer.body)


def test_a_client_certificate_proves_us(bench: Bench) -> None:
    authority = trustme.CA()
    with demanding(authority) as url:
        bench.connect(CERTIFICATE, shown(authority, "weft"), url)

        assert "weft" in ask(bench)["subject"]


def test_without_a_certificate_there_is_no_way_in(bench: Bench) -> None:
    authority = trustme.CA()
    stranger = shown(trustme.CA(), "stranger") | {
        "ca_certificate": authority.cert_pem.bytes().decode()
    }
    with demanding(authority) as url:
        bench.connect(CERTIFICATE, stranger, url)

        with pytest.raises(CallRefused, match="on its way"):
            ask(bench)


def test_the_key_leaves_no_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def remember(**names: str) -> tuple[int, str]:
        descriptor, path = tempfile.mkstemp(**names)
        made.append(Path(path))
        assert made[-1].stat().st_mode & 0o777 == 0o600
        return descriptor, path

    monkeypatch.setattr(certificates, "mkstemp", remember)
    authority = trustme.CA()
    bench.connect(CERTIFICATE, shown(authority, "weft"))
    bench.fetch(Outgoing("GET", "/"))
    bench.connect(CERTIFICATE, {"certificate": "no PEM", "private_key": "no PEM either"})

    with pytest.raises(CallRefused, match="can't be read"):
        bench.fetch(Outgoing("GET", "/"))

    assert len(made) == 2
    assert not any(path.exists() for path in made)
