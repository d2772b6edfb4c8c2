"""A mail server for tests: keeps what it is given, and can be told to refuse."""

import email
import email.policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Inbox:
    """The handler of aiosmtpd: messages, the envelopes they came in, and how often delivery was
    tried.
    """

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.tries = 0
        self.envelopes: list[Envelope] = []
        self.logins: list[tuple[str, str]] = []

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.tries += 1
        if self.tries <= self.failures:
            return "451 Try again later"
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if isinstance(data, LoginPassword):
            self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)

    def messages(self) -> list[EmailMessage]:
        parsed = (
            email.message_from_bytes(envelope.content, policy=email.policy.default)
            for envelope in self.envelopes
        )
        return [message for message in parsed if isinstance(message, EmailMessage)]


def serve(inbox: Inbox, port: int, *, with_login: bool = False) -> Controller:
    """A running server on 127.0.0.1; the caller stops it."""
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=inbox.authenticate if with_login else None,
        auth_required=with_login,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
    )
    controller.start()
    return controller
