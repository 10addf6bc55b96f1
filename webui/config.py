"""How the web server is set up: read from the environment, refused where unsafe."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

SHORTEST_SECRET = 32
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=10)
LARGEST_REQUEST = 2 * 1024 * 1024
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


class ConfigurationError(Exception):
    """The server cannot start with these settings."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one web process.

    ``is_demonstration`` shows passwords and moves the date: never on a public address.
    ``is_secure`` is True where people reach the server by HTTPS.
    ``proxies`` is the number of trusted proxies in front of it."""

    secret_key: str
    database_url: str
    is_demonstration: bool = False
    is_secure: bool = True
    is_testing: bool = False
    proxies: int = 0

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET or len(set(self.secret_key)) < 8:
            raise ConfigurationError(
                "SECRET_KEY is missing or too easy to guess. Set it to at least "
                f"{SHORTEST_SECRET} random characters, for example the output of: "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )

    @classmethod
    def from_environment(
        cls,
        database_url: str,
        *,
        is_demonstration: bool = False,
        environment: Mapping[str, str] = os.environ,
    ) -> Config:
        """SECRET_KEY, INSECURE_COOKIES and TRUSTED_PROXIES decide.

        Raises ConfigurationError. A demonstration needs no secret: it makes one, and
        everybody is signed out when it restarts."""
        secret = environment.get("SECRET_KEY", "")
        if is_demonstration and not secret:
            secret = secrets.token_urlsafe(48)
        proxies = environment.get("TRUSTED_PROXIES", "0")
        if not proxies.isdigit():
            raise ConfigurationError("TRUSTED_PROXIES must be a whole number.")
        return cls(
            secret_key=secret,
            database_url=database_url,
            is_demonstration=is_demonstration,
            is_secure=not (is_demonstration or environment.get("INSECURE_COOKIES")),
            proxies=int(proxies),
        )

    def for_flask(self) -> dict[str, Any]:
        """The same, in Flask's words."""
        settings: dict[str, Any] = {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "TESTING": self.is_testing,
            "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
            "SESSION_COOKIE_NAME": "__Host-enforce" if self.is_secure else "enforce",
            "SESSION_COOKIE_SECURE": self.is_secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": ABSOLUTE_LIMIT,
            "SESSION_REFRESH_EACH_REQUEST": True,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": self.is_secure,
        }
        if self.is_demonstration:
            settings["TRUSTED_HOSTS"] = list(LOCAL_NAMES)
        return settings


def require_local(host: str) -> None:
    """Refuse to show a demonstration on an address that others can reach."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host.strip("[]")).is_loopback:
            return
    except ValueError:
        pass
    raise ConfigurationError(
        f"Demonstration mode shows its passwords and may not be served on {host}. "
        "Use 127.0.0.1, or start without demonstration mode."
    )
