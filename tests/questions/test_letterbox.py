"""The mailbox for replies on a real IMAP server: read, removed and put aside there."""

import getpass
import grp
import mailbox
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from questions import letterbox

SERVER = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {me}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/home/Maildir
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=geheim/1
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


class Server:
    """Dovecot on loopback, with one account whose mail lies in a Maildir."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="imap"))  # short: its sockets have short names
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        # It serves no mail to root.
        uid, gid = (65534, 65534) if os.getuid() == 0 else (os.getuid(), os.getgid())
        (self.folder / "home").mkdir()
        mailbox.Maildir(self.folder / "home" / "Maildir")
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, uid, gid)
        me = getpass.getuser() if os.getuid() else pwd.getpwuid(uid).pw_name
        group = grp.getgrgid(gid).gr_name
        config = self.folder / "conf"
        config.write_text(
            CONFIG.format(folder=self.folder, port=self.port, uid=uid, gid=gid, me=me, group=group), encoding="ascii"
        )
        self.process = subprocess.Popen([str(SERVER), "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not self.answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.05)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, password: str = "geheim%2F1", folder: str = "INBOX") -> str:
        return f"imap://desk%40x:{password}@127.0.0.1:{self.port}/{folder}"

    def put(self, *texts: bytes) -> None:
        for text in texts:
            path = self.folder / "home" / "Maildir" / "new" / f"{time.time_ns()}.x"
            path.write_bytes(b"Subject: x\r\n\r\n" + text + b"\r\n")
            os.chown(path, *(os.stat(self.folder).st_uid, os.stat(self.folder).st_gid))

    def texts(self, folder: str = "INBOX") -> list[bytes]:
        with letterbox.opened(self.address(folder=folder)) as box:
            return [raw.partition(b"\r\n\r\n")[2].strip() for _key, raw in box.waiting(100)]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if SERVER is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd): reading by IMAP is not tested here")
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def box(server: Server) -> Server:
    for folder in ("", ".Refused/"):
        for part in ("new", "cur"):
            for path in (server.folder / "home" / "Maildir" / folder / part).glob("*"):
                path.unlink()
    return server


def test_the_oldest_come_first_and_looking_changes_nothing(box: Server) -> None:
    box.put(b"een", b"twee", b"drie")
    with letterbox.opened(box.address()) as opened:
        assert [raw.split()[-1] for _key, raw in opened.waiting(2)] == [b"een", b"twee"]
    assert box.texts() == [b"een", b"twee", b"drie"]


def test_what_is_removed_is_gone_and_what_is_put_aside_lies_there(box: Server) -> None:
    box.put(b"een", b"twee", b"drie")
    with letterbox.opened(box.address()) as opened:
        keys = [key for key, _raw in opened.waiting(100)]
        opened.remove(keys[0])
        opened.put_aside(keys[1])
        opened.remove(keys[0])  # by another reader already
    assert box.texts() == [b"drie"]
    assert box.texts("Refused") == [b"twee"]


def test_it_goes_without_the_newer_commands_as_well(box: Server) -> None:
    box.put(b"een", b"twee")
    with letterbox.opened(box.address()) as opened:
        assert isinstance(opened, letterbox.Imap)
        opened.can = set()
        keys = [key for key, _raw in opened.waiting(100)]
        opened.remove(keys[0])
        opened.put_aside(keys[1])
    assert box.texts() == []
    assert box.texts("Refused") == [b"twee"]


def test_of_a_huge_mail_only_the_beginning_is_read(box: Server) -> None:
    box.put(b"x" * 3_000_000)
    with letterbox.opened(box.address()) as opened:
        ((_key, raw),) = opened.waiting(100)
    assert len(raw) == letterbox.READ


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"folder": "Nowhere"}])
def test_a_box_that_does_not_let_us_in_says_why_and_not_the_password(box: Server, change: dict[str, str]) -> None:
    with pytest.raises(letterbox.Away) as refused, letterbox.opened(box.address(**change)):
        pass
    assert "geheim" not in str(refused.value)
    assert "wrong" not in str(refused.value)
