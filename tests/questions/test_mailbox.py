"""A desk without a mail server keeps its letters as files."""

from pathlib import Path

from django.core.mail import EmailMessage, get_connection


def send(message_id: str, body: str) -> None:
    backend = get_connection("questions.mailbox.Files")
    backend.send_messages([EmailMessage("Onderwerp", body, to=["a@b.example"], headers={"Message-ID": message_id})])


def test_the_file_is_named_after_the_letter_so_that_sending_again_makes_no_second_one(mail_dir: Path) -> None:
    send("<20260101-120000.abc@desk.example>", "eerst")
    send("<20260101-120000.abc@desk.example>", "weer")
    send("<20260101-120000.def@desk.example>", "ander")
    assert sorted(path.name for path in mail_dir.iterdir()) == ["20260101-120000.abc.eml", "20260101-120000.def.eml"]
    assert "weer" in (mail_dir / "20260101-120000.abc.eml").read_text()


def test_an_identifier_cannot_lead_out_of_the_folder(mail_dir: Path) -> None:
    send("<../../out@desk.example>", "x")
    assert not (mail_dir.parent.parent / "out.eml").exists()
    assert len(list(mail_dir.iterdir())) == 1
