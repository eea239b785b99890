"""A mail server on loopback that remembers what it took: just enough of SMTP (RFC 5321)."""

import re
import socketserver
import threading
from collections import Counter


class Conversation(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        self.reply(220)
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.reply(354)
                self.take()
            elif verb == b"QUIT":
                self.reply(221)
                return
            else:
                self.reply(250)

    def take(self) -> None:
        body = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            body += line
        if found := re.search(rb"^Message-ID:\s*<([^>]+)>", body, re.MULTILINE | re.IGNORECASE):
            self.server.took[found[1].decode()] += 1
        self.reply(250)

    def reply(self, code: int) -> None:
        self.wfile.write(b"%d ok\r\n" % code)


class MailServer(socketserver.ThreadingTCPServer):
    """Counts letters by Message-ID in `took`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.took: Counter[str] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])
