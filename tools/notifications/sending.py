"""One message to one channel."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.utils import formatdate
from http import HTTPStatus

import httpx
import orjson

from core.notices.message import Message
from tools.notifications.channel import Channel, EmailChannel, SlackChannel, Smtp

SECONDS = 15.0
"""For one delivery; a channel that is slower is tried again."""

_LONGEST_PAUSE = 6 * 3_600
_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class DeliveryFailedError(Exception):
    """The channel did not take the message; the text says why, without its address.

    `final` where trying again is of no use; `after` is how many seconds the channel asks to wait.
    """

    def __init__(self, text: str, *, final: bool = False, after: float | None = None) -> None:
        super().__init__(text)
        self.final = final
        self.after = after


async def send(message: Message, channel: Channel, smtp: Smtp | None) -> None:
    """Raises DeliveryFailedError."""
    if isinstance(channel, EmailChannel):
        if smtp is None:
            raise DeliveryFailedError("no SMTP server is configured")
        await asyncio.to_thread(_mail, message, channel, smtp)
    elif isinstance(channel, SlackChannel):
        body = orjson.dumps(message.slack)
        await _post(channel.url.get_secret_value(), body, {"Content-Type": "application/json"})
    else:
        body = orjson.dumps(message.event)
        headers = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}
        if channel.secret is not None:
            headers |= signature(body, channel.secret.get_secret_value(), int(time.time()))
        await _post(str(channel.url), body, headers)


def signature(body: bytes, secret: str, at: int) -> dict[str, str]:
    """Headers that prove who sent it, and when: HMAC-SHA256 over `time.body`, in hex."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Headwater-Timestamp": str(at), "X-Headwater-Signature": f"sha256={signed}"}


async def _post(url: str, body: bytes, headers: dict[str, str]) -> None:
    try:
        async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client:
            answer = await client.post(url, content=body, headers=headers)
    except httpx.TimeoutException as error:
        raise DeliveryFailedError(f"no answer within {SECONDS:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DeliveryFailedError(f"not reached ({type(error).__name__})") from error
    if answer.is_success:
        return
    told = f"answered {answer.status_code}"
    if answer.is_server_error or answer.status_code in _AGAIN:
        raise DeliveryFailedError(told, after=_pause(answer.headers.get("Retry-After")))
    raise DeliveryFailedError(told, final=True)


def _pause(stated: str | None) -> float | None:
    return min(float(stated), _LONGEST_PAUSE) if stated and stated.isdigit() else None


def _mail(message: Message, channel: EmailChannel, smtp: Smtp) -> None:
    mail = EmailMessage()
    mail["From"] = smtp.sender
    mail["To"] = channel.to
    mail["Subject"] = message.subject
    mail["Date"] = formatdate()
    # The same each time that it is delivered, so that mailboxes show it once.
    mail["Message-ID"] = f"<{message.id}.{message.cluster}@headwater.{_domain(smtp)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    try:
        with _session(smtp) as session:
            session.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        told = f"the server refuses the recipient ({codes[0]})"
        raise DeliveryFailedError(told, final=_is_final(codes[0])) from error
    except smtplib.SMTPResponseException as error:
        told = f"the server answered {error.smtp_code}"
        raise DeliveryFailedError(told, final=_is_final(error.smtp_code)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailedError(f"the server was not reached ({type(error).__name__})") from error


def _session(smtp: Smtp) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if smtp.security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            smtp.host, smtp.port, timeout=SECONDS, context=trusted
        )
    else:
        session = smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS)
    if smtp.security == "starttls":
        session.starttls(context=trusted)
    if smtp.username is not None and smtp.password is not None:
        session.login(smtp.username, smtp.password.get_secret_value())
    return session


def _is_final(code: int) -> bool:
    """5xx is for good, but for what a person may still set right: the login."""
    return 500 <= code < 600 and code not in (530, 535)


def _domain(smtp: Smtp) -> str:
    return smtp.sender.rpartition("@")[2]
