"""An OIDC issuer on this machine: it signs tokens, and publishes its keys over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUDIENCE = "headwater"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class LocalIssuer:
    """`published` are the ids of the keys that it tells; `asked` counts requests for them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys: dict[str, tuple[PrivateKey, str]] = {}
        self.published: list[str] = []
        self.asked = 0
        self.answer: bytes | None = None

    def add(self, kid: str, algorithm: str = "RS256") -> None:
        if algorithm.startswith("ES"):
            self.keys[kid] = (ec.generate_private_key(ec.SECP256R1()), algorithm)
        else:
            self.keys[kid] = (rsa.generate_private_key(65_537, 2_048), algorithm)
        self.published.append(kid)

    def token(self, kid: str, **claims: Any) -> str:
        key, algorithm = self.keys[kid]
        return jwt.encode(self.claims(**claims), key, algorithm, headers={"kid": kid})

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        given = {
            "iss": self.url, "aud": AUDIENCE, "sub": "jane", "iat": now, "exp": now + 300,
        }  # fmt: skip
        return {name: told for name, told in {**given, **more}.items() if told is not None}

    def public_pem(self, kid: str) -> bytes:
        public = self.keys[kid][0].public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def document(self, path: str) -> bytes:
        if path == "/.well-known/openid-configuration":
            return orjson.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/jwks"})
        self.asked += 1
        return orjson.dumps({"keys": [self._jwk(kid) for kid in self.published]})

    def _jwk(self, kid: str) -> dict[str, Any]:
        key, algorithm = self.keys[kid]
        told = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
        return {**told, "kid": kid, "use": "sig", "alg": algorithm}


@contextmanager
def serving() -> Iterator[LocalIssuer]:
    """An issuer without keys; it answers until the end, with `answer` where that is set."""
    issuer = LocalIssuer("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = issuer.answer or issuer.document(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
