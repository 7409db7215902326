"""A party that asks as fast as it can: one connection, requests composed by hand, so that the bench measures the service.

Signs as `kiosk_wire.signing` does, for the one form of request that it sends.
"""

import base64
import hashlib
import re
import secrets
import socket
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stater_demo.problem import DemoProblem

PREFIX = "/accounts/v1"
ANSWER_TIMEOUT_S = 60
IDLE_S_MAX = 2
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class QuickParty:
    host: str
    port: int
    party_id: str
    key: Ed25519PrivateKey
    _line: socket.socket | None = None
    _heard_at_s: float = 0

    def post(self, path: str, body: bytes) -> bytes:
        """The answer's body. Raises DemoProblem unless it is a yes."""
        answer = self._ask(self._connected(), path, body)
        self._heard_at_s = time.monotonic()
        return answer

    def _connected(self) -> socket.socket:
        """A line that was idle for long the service may be hanging up this moment."""
        if self._line is None or time.monotonic() - self._heard_at_s > IDLE_S_MAX:
            self.close()
            self._line = socket.create_connection((self.host, self.port), ANSWER_TIMEOUT_S)
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._line

    def _ask(self, line: socket.socket, path: str, body: bytes) -> bytes:
        line.sendall(self._request(PREFIX + path, body))
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += _some(line)
        head, _, answer = heard.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        left = int(length[1]) - len(answer) if length else 0
        parts = [answer]
        while left > 0:
            parts.append(_some(line))
            left -= len(parts[-1])
        answer = b"".join(parts)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise DemoProblem(f"{path}: {head[:40]!r} {answer[:500]!r}")
        return answer

    def _request(self, path: str, body: bytes) -> bytes:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        params = (
            f'("@method" "@path" "content-digest");created={int(time.time())};'
            f'keyid="{self.party_id}";alg="ed25519";nonce="{secrets.token_hex(8)}";tag="stater-party"'
        )
        base = (
            f'"@method": POST\n"@path": {path}\n"content-digest": sha-256=:{digest}:\n'
            f'"@signature-params": {params}'
        )
        signature = base64.b64encode(self.key.sign(base.encode())).decode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: central\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\ncontent-digest: sha-256=:{digest}:\r\n"
            f"signature-input: party={params}\r\nsignature: party=:{signature}:\r\n\r\n"
        )
        return head.encode() + body

    def close(self) -> None:
        if self._line is not None:
            self._line.close()


def _some(line: socket.socket) -> bytes:
    chunk = line.recv(1 << 20)
    if not chunk:
        raise DemoProblem("central hung up")
    return chunk
