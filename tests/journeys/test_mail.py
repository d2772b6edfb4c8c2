"""A forgotten password, from the request to the new login, by each way that mail can leave the
shop.
"""

from collections.abc import Iterator

import pytest

from conftest import NewServer
from lib import mail, smtp, store
from lib.ports import free_port
from lib.shop import PASSWORD, Shop, login
from lib.waiting import wait_until

NEW_PASSWORD = "Another-Mule-9c1b"


def test_reset_by_the_command_that_shows_mail(shop: Shop) -> None:
    person = shop.user("Forgetful")
    mail.forgot(shop.server, person.email).expect(200)
    shown = wait_until(
        lambda: mail.CODE.search(mail.shown_newest(shop.server, person.email)),
        "a code by `mail show`",
        every=0.1,
    )
    mail.reset(shop.server, person.email, shown.group(1), NEW_PASSWORD).expect(200)
    assert login(shop.server, person.email, PASSWORD).status == 401
    assert login(shop.server, person.email, NEW_PASSWORD).status == 200


def test_reset_by_the_files_in_the_data_folder(shop: Shop) -> None:
    person = shop.user("Forgetful")
    code = mail.ask_for_code(shop.server, person.email)
    mail.reset(shop.server, person.email, code, NEW_PASSWORD).expect(200)
    assert login(shop.server, person.email, NEW_PASSWORD).status == 200


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(port: int) -> dict[str, str]:
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_SECURITY": "none",
        "EMAIL_FROM": "shop@example.com",
        "EMAIL_FROM_NAME": "The Shop — Zoë",
    }


@pytest.fixture
def inbox(port: int) -> Iterator[smtp.Inbox]:
    box = smtp.Inbox()
    controller = smtp.serve(box, port)
    yield box
    controller.stop()


def code_in(box: smtp.Inbox, to: str) -> str:
    def found() -> list[str]:
        bodies = [mail.body_of(message) for message in box.messages() if to in str(message["To"])]
        return [match.group(1) for body in bodies if (match := mail.CODE.search(body))]

    return wait_until(found, f"a code mailed to {to}")[-1]


def test_reset_by_smtp(new_server: NewServer, settings: dict[str, str], inbox: smtp.Inbox) -> None:
    server = new_server(env=settings).start()
    person = Shop(server).user("Zoë 张")
    mail.forgot(server, person.email).expect(200)
    mail.reset(server, person.email, code_in(inbox, person.email), NEW_PASSWORD).expect(200)
    assert login(server, person.email, NEW_PASSWORD).status == 200
    message, envelope = inbox.messages()[0], inbox.envelopes[0]
    assert "shop@example.com" in str(message["From"]) and "The Shop — Zoë" in str(message["From"])
    assert envelope.mail_from == "shop@example.com" and envelope.rcpt_tos == [person.email]
    assert message["Subject"] == "Your password reset OTP" and "Hello Zoë 张," in mail.body_of(
        message
    )
    assert message["Date"] and message["Message-ID"]


def test_mail_that_is_refused_is_sent_later_and_once(
    new_server: NewServer, settings: dict[str, str], port: int
) -> None:
    box = smtp.Inbox(failures=1)
    controller = smtp.serve(box, port)
    try:
        server = new_server(env=settings).start()
        person = Shop(server).user()
        assert mail.forgot(server, person.email).status == 200
        code_in(box, person.email)
        assert box.tries == 2 and len(box.envelopes) == 1
    finally:
        controller.stop()


def test_mail_waits_for_a_mail_server_that_is_down_even_through_kill_9(
    new_server: NewServer, settings: dict[str, str], port: int
) -> None:
    server = new_server(env=settings).start()
    person = Shop(server).user()
    assert mail.forgot(server, person.email).expect(200)
    server.kill()
    box = smtp.Inbox()
    controller = smtp.serve(box, port)
    try:
        server.restart()
        mail.reset(server, person.email, code_in(box, person.email), NEW_PASSWORD).expect(200)
    finally:
        controller.stop()


def test_smtp_logs_in_when_told_to(
    new_server: NewServer, settings: dict[str, str], port: int
) -> None:
    box = smtp.Inbox()
    controller = smtp.serve(box, port, with_login=True)
    try:
        server = new_server(
            env={**settings, "SMTP_USER": "shop", "SMTP_PASSWORD": "smtp-secret-42"}
        ).start()
        person = Shop(server).user()
        mail.forgot(server, person.email).expect(200)
        code_in(box, person.email)
        assert ("shop", "smtp-secret-42") in box.logins
        assert "smtp-secret-42" not in server.log
    finally:
        controller.stop()


def test_the_keys_of_a_mail_provider_are_ignored_with_one_line(new_server: NewServer) -> None:
    server = new_server(env={"BREVO_API_KEY": "xkeysib-canary", "EMAIL_PASS": "canary-2"}).start()
    person = Shop(server).user()
    code = mail.ask_for_code(server, person.email)
    assert code and "BREVO_API_KEY" in server.log
    assert "xkeysib-canary" not in server.log and "canary-2" not in server.log


def test_a_sent_mails_text_is_erased_from_the_database(shop: Shop) -> None:
    person = shop.sign_up()
    code = mail.ask_for_code(shop.server, person.email)
    users = store.file_of(shop.server, "user")
    wait_until(
        lambda: store.places_of(users, f"OTP is {code}") == [], "the text is gone from the database"
    )
