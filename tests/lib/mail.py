"""Reading the shop's mail, through the product's own command and from the folder."""

import email
import email.policy
import re
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from lib.http import Reply
from lib.server import Server
from lib.shop import Actor
from lib.waiting import wait_until

CODE = re.compile(r"OTP is (\d+)")


def shown_newest(server: Server, to: str) -> str:
    """What `mail show --to … --newest` prints; empty when there is no mail yet."""
    done = server.run("mail", "show", "--to", to, "--newest", check=False)
    return done.stdout if done.returncode == 0 else ""


def files(server: Server) -> list[Path]:
    return sorted((server.data / "mail").rglob("*.eml"))


def parsed(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def messages_to(server: Server, to: str) -> list[EmailMessage]:
    return [message for message in map(parsed, files(server)) if to in str(message["To"])]


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def codes_sent(server: Server, to: str) -> list[str]:
    """Every reset code that was mailed to this address, in no particular order."""
    found = (CODE.search(body_of(message)) for message in messages_to(server, to))
    return [match.group(1) for match in found if match]


def ask_for_code(server: Server, to: str) -> str:
    """Asks for a reset code and waits for the mail that brings it."""
    before = Counter(codes_sent(server, to))
    forgot(server, to).expect(200)

    def new_codes() -> Counter[str]:
        """Of chance, the same one may come twice."""
        return Counter(codes_sent(server, to)) - before

    return next(iter(wait_until(new_codes, f"a reset code mailed to {to}")))


def forgot(server: Server, to: str) -> Reply:
    return Actor(server).post("/auth/forgot-password", {"email": to})


def reset(server: Server, to: str, code: str, password: str) -> Reply:
    wanted = {"email": to, "otp": code, "newPassword": password}
    return Actor(server).post("/auth/reset-password/otp", wanted)
