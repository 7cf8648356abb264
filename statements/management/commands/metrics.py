"""manage.py metrics: tell a monitoring program how the site runs, on a private address."""

from __future__ import annotations

import ipaddress
import signal
import socket

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from prometheus_client import start_http_server
from prometheus_client.registry import Collector

from statements.operating import metrics

STOPS = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    help = (
        "Answers http://METRICS_BIND/metrics as Prometheus reads it, until it is stopped: queue,"
        " last backup, disks, and how many requests there were and how long they took. It has no"
        " password, so it listens on this machine or a private network alone."
    )

    def handle(self, *args: object, **options: object) -> None:
        # Before there are threads, which would be sent them as well.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        host, port = private(settings.METRICS_BIND)
        found = metrics.registry(settings.METRICS_FOLDER)
        try:
            server, _thread = start_http_server(port, host, registry=Closing(found))
        except OSError as error:
            raise CommandError(f"{settings.METRICS_BIND}: {error.strerror}") from None
        self.stdout.write(f"http://{settings.METRICS_BIND}/metrics")
        self.stdout.flush()
        signal.sigwait(STOPS)
        server.shutdown()


class Closing(Collector):
    """Each question has a thread of its own, and takes its connection with it when it ends."""

    def __init__(self, registry: Collector) -> None:
        self.registry = registry

    def collect(self):  # noqa: ANN201
        try:
            yield from self.registry.collect()
        finally:
            connection.close()


def private(bind: str) -> tuple[str, int]:
    """Host and port of an address that nobody reaches from outside, or a CommandError."""
    host, _colon, port = bind.rpartition(":")
    try:
        name = host.removeprefix("[").removesuffix("]")
        found = socket.getaddrinfo(name, int(port), type=socket.SOCK_STREAM)
    except (ValueError, OSError):
        raise CommandError(f"METRICS_BIND is {bind!r}, and no host:port of this machine") from None
    for *_rest, (address, *_port) in found:
        one = ipaddress.ip_address(address)
        if one.is_unspecified or not one.is_private:
            words = "anybody could read it there: take 127.0.0.1 or an address of a private network"
            raise CommandError(f"METRICS_BIND is {bind}: {words}")
    return name, int(port)
