"""Real mail servers on loopback: one that works, and raw ones that say what a test wants."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "prep", "hush-hush"


@dataclass
class Sink:
    """What a server was given, and how it answers recipients."""

    taken: list[Envelope] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


@dataclass(frozen=True)
class Authority:
    """A certificate authority made for the tests, and a certificate of it for this machine."""

    certificate: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context


def make_authority(folder: Path, *, host: str = "localhost", ended: bool = False) -> Authority:
    now = datetime.now(UTC)
    until = now - timedelta(days=1) if ended else now + timedelta(days=1)
    own, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])

    def begun(subject: x509.Name, public: Any, ends: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(ends)
        )

    root = (
        begun(issuer, own.public_key(), now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(own, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
    if host != "localhost":
        del names[1]
    certificate = (
        begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), leaf.public_key(), until)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(own, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    made = Authority(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    made.certificate.write_bytes(root.public_bytes(pem))
    made.chain.write_bytes(certificate.public_bytes(pem))
    made.key.write_bytes(
        leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def _let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    # Not handled: the server itself answers a refusal with 535.
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(
    sink: Sink, *, context: ssl.SSLContext | None = None, implicit: bool = False, auth: bool = False
) -> Iterator[int]:
    """A mail server; gives its port."""
    options: dict[str, Any] = {}
    if auth:
        options = {
            "authenticator": _let_in,
            "auth_required": True,
            "auth_require_tls": context is not None and not implicit,
        }
    if context is not None and not implicit:
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        sink, hostname="127.0.0.1", port=free_port(), ssl_context=context if implicit else None, **options
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def raw_server(lines: Sequence[bytes], *, then: str = "close") -> Iterator[int]:
    """Answers the greeting and each line with the next of ``lines``, then closes or is silent; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def talk() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            for number, line in enumerate(lines):
                if number and not connection.recv(65536):
                    return
                connection.sendall(line)
            if then == "silent":
                done.wait(30)
            elif then == "endless":
                try:
                    while not done.is_set():
                        connection.sendall(b"220-and on\r\n")
                except OSError:
                    return
            elif then == "read":
                connection.recv(65536)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.close()
        thread.join(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
