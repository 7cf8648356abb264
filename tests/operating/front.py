"""The site as it is in use: gunicorn behind nginx, with the files of deploy/."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "statements.example"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

MAIN = """
daemon off;
pid {here}/nginx.pid;
error_log {here}/nginx.log info;
{user}
worker_processes 2;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    # As Debian has it, where a site says nothing else.
    access_log {here}/access.log;
    gzip on;
    client_body_temp_path {here}/body;
    proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/fastcgi;
    uwsgi_temp_path {here}/uwsgi;
    scgi_temp_path {here}/scgi;
    include {here}/http.conf;
    include {here}/site.conf;
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Front:
    """Both servers, and who asks them. The socket is kept here, as systemd keeps it in use."""

    def __init__(self):
        self.here = Path(tempfile.mkdtemp(prefix="front-"))
        self.plain, self.secure = free_port(), free_port()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "solidarity.settings",
            "SECRET_KEY": "tests-only-" + "x" * 50,
            "SITE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "1",
            "TRUSTED_PROXY_COUNT": "1",
            "DATABASE_URL": f"sqlite:///{self.here}/var/site.sqlite3",
            "STATIC_ROOT": f"{self.here}/var/static",
            "MEDIA_ROOT": f"{self.here}/var/media",
            "DATA_ROOT": f"{self.here}/var/data",
            "BACKUP_ROOT": f"{self.here}/var/backup",
            "EMAIL_URL": f"file://{self.here}/var/mail",
            "PROOF_OF_WORK_BITS": "1",
            "WEB_CONCURRENCY": "2",
            "METRICS_FOLDER": f"{self.here}/counted",
        }
        self.site = self.nginx = self.monitored = None
        self.door = socket.socket(socket.AF_UNIX)

    def set_up(self, statements=20):
        (self.here / "var").mkdir()
        self.manage("migrate", "--no-input")
        self.manage("make_sample", "--statements", str(statements), "--seed", "1")
        self.manage("collectstatic", "--no-input")
        self.run(sys.executable, "-m", "whitenoise.compress", "-q", "--no-brotli", "var/static")
        self.write_files()
        self.door.bind(str(self.here / "web.sock"))
        self.door.listen(4096)

    def run(self, *command, cwd=None):
        subprocess.run(
            command, cwd=cwd or self.here, env=self.environment, check=True, capture_output=True
        )

    def manage(self, *arguments):
        self.run(sys.executable, "manage.py", *arguments, "--verbosity", "0", cwd=ROOT)

    def write_files(self):
        """What is in deploy/, with other ports, folders and a certificate of our own."""
        # As script/install writes them; other than there are the ports, and folders of our own.
        self.run(
            *(ROOT / "script" / "install", HOST, "--files", "files"),
            *("--certificate", "cert.pem", "--key", "key.pem"),
        )
        self.run(
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
            *("-addext", f"subjectAltName=DNS:{HOST}", "-keyout", "key.pem", "-out", "cert.pem"),
        )
        etc = self.here / "files" / "etc" / "nginx"
        changed = {
            f"{ROOT}/var": f"{self.here}/var",
            "/run/statements/web.sock": f"{self.here}/web.sock",
            "/var/www/statements": f"{self.here}/www",
            "/dev/shm/statements-nginx": f"{self.here}/nginx-keeps",
            "include snippets/": f"include {etc}/snippets/",
            "listen [::]:443 ssl http2;": "",
            "listen [::]:80;": "",
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
        }
        for name in ("http", "site"):
            text = (etc / "sites-available" / f"statements-{name}").read_text()
            for installed, ours in changed.items():
                text = text.replace(installed, ours)
            (self.here / f"{name}.conf").write_text(text)
        user = "user root;" if os.getuid() == 0 else ""
        (self.here / "nginx.conf").write_text(MAIN.format(here=self.here, user=user))

    def start_site(self):
        """As its unit does: gunicorn finds the socket as its descriptor 3."""

        def hand_over():
            # It may be 3 already, and would then be closed.
            kept = os.dup2(os.dup(self.door.fileno()), 3)
            os.set_inheritable(kept, True)

        with (self.here / "site.log").open("ab") as log:
            self.site = subprocess.Popen(
                ["sh", "-c", f"LISTEN_PID=$$ LISTEN_FDS=1 exec {sys.executable} -m gunicorn"],
                cwd=ROOT,
                env=self.environment,
                preexec_fn=hand_over,
                close_fds=False,
                stdout=log,
                stderr=log,
            )

    def start_nginx(self):
        self.nginx = subprocess.Popen(
            [NGINX, "-c", self.here / "nginx.conf", "-p", self.here, "-e", self.here / "nginx.log"],
            stderr=subprocess.DEVNULL,
        )

    def wait(self, seconds=40):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("/readyz").status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError((self.here / "site.log").read_text() + self.log())

    def log(self):
        return (self.here / "nginx.log").read_text()

    def workers(self):
        own = self.site.pid
        return set(Path(f"/proc/{own}/task/{own}/children").read_text().split())

    def metrics(self):
        """What `manage.py metrics` tells, by name with labels."""
        if not self.monitored:
            self.bind = f"127.0.0.1:{free_port()}"
            self.monitored = subprocess.Popen(
                [sys.executable, "manage.py", "metrics"],
                cwd=ROOT,
                env=self.environment | {"METRICS_BIND": self.bind},
                stdout=subprocess.PIPE,
                text=True,
            )
            assert self.monitored.stdout.readline() == f"http://{self.bind}/metrics\n"
        connection = http.client.HTTPConnection(self.bind, timeout=30)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        told = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in told}

    def start(self):
        self.start_site()
        self.start_nginx()
        self.wait()

    def reload(self):
        """What `systemctl reload` sends."""
        self.site.send_signal(signal.SIGHUP)

    def stop_site(self):
        """What `systemctl stop` sends; `KillMode=mixed`: to the first process alone."""
        self.site.terminate()
        self.site.wait(60)

    def stop(self):
        for process in (self.nginx, self.site, self.monitored):
            if process and process.poll() is None:
                process.terminate()
                process.wait(60)
        self.door.close()
        shutil.rmtree(self.here, ignore_errors=True)

    def connect(self, source="127.0.0.1", timeout=30):
        """A connection with TLS to the site's own name."""
        context = ssl.create_default_context(cafile=self.here / "cert.pem")
        plain = socket.create_connection(
            ("127.0.0.1", self.secure), timeout=timeout, source_address=(source, 0)
        )
        return context.wrap_socket(plain, server_hostname=HOST)

    def ask(self, path, method="GET", body=None, source="127.0.0.1", **headers):
        """One request with a connection of its own."""
        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.connect(source)
        sent = {"Host": HOST} | {name.replace("_", "-"): one for name, one in headers.items()}
        try:
            connection.request(method, path, body=body, headers=sent)
            return answer_of(connection)
        finally:
            connection.close()

    def ask_past(self, path, **headers):
        """The same of gunicorn, as nginx asks it."""
        connection = http.client.HTTPConnection(HOST)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.here / "web.sock"))
        own = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        try:
            sent = own | {name.replace("_", "-"): one for name, one in headers.items()}
            connection.request("GET", path, headers=sent)
            return answer_of(connection)
        finally:
            connection.close()


@contextlib.contextmanager
def set_up():
    """One with content and files that is not started yet; it is stopped and gone in the end."""
    front = Front()
    try:
        front.set_up()
        yield front
    finally:
        front.stop()


def answer_of(connection):
    got = connection.getresponse()
    return Answer(got.status, got.headers, got.read())
