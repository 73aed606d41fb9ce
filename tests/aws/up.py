#!/usr/bin/env python3
"""Start the embedded AWS: the platform (ministack), the estate (moto) and the channels, on free loopback ports.

    .local/venv/bin/python tests/aws/up.py

Prints `platform URL`, `estate URL`, `channels URL`, `logs DIRECTORY` and then `ready`, and stays until its standard
input closes, it is interrupted, or one of the three ends. Several may run at once.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCAL = HERE.parent.parent / ".local"
START_SECONDS = 120
KEPT_LOGS = 20

# Which services of the functions' account the functions reach in the estate: those that they repair or report to.
# The names are those of the SDKs' `AWS_ENDPOINT_URL_<SERVICE>`. All others are on the platform.
ESTATE = (
    "API_GATEWAY APIGATEWAYV2 ATHENA AUTO_SCALING CLOUDFORMATION CLOUDFRONT CLOUDTRAIL CLOUDWATCH CLOUDWATCH_LOGS CODEBUILD "
    "CONFIG_SERVICE EC2 ECR ECS EFS EKS ELASTICACHE ELASTIC_LOAD_BALANCING_V2 GUARDDUTY IAM INSPECTOR2 KMS LAMBDA MACIE2 "
    "ORGANIZATIONS RDS REDSHIFT S3_CONTROL SECRETS_MANAGER SECURITYHUB SFN SSM STS WAFV2"
).split()


# The account of both, for whoever gives no 12-digit access key. It is the one of AWS's own examples.
ACCOUNT = "111122223333"

# What of the caller's environment they see: nothing that could point a function or an emulator elsewhere.
KEPT = "DYLD_LIBRARY_PATH HOME LANG LD_LIBRARY_PATH LLVM_PROFILE_FILE PATH RUST_BACKTRACE RUST_LOG TZ".split()


def environment(platform: str, estate: str, channels: str, scratch: str) -> dict[str, str]:
    """What the servers, and so the functions, see."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "TMPDIR": scratch,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": platform,
        **{f"AWS_ENDPOINT_URL_{service}": estate for service in ESTATE},
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": channels,
        "CHANNELS_URL": channels,
        # In place of the document that AWS publishes in the internet.
        "PUBLISHED_RANGES_URL": f"{estate}/kintsugi/ip-ranges.json",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "KINTSUGI_ACCOUNT": ACCOUNT,
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": platform.rsplit(":", 1)[1],
        "LAMBDA_EXECUTOR": "local",
        # IAM decides, with the roles and policies of the template.
        "AUTH": "true",
        # No containers, and none of the listeners with fixed ports: several of us may run.
        "DOCKER_HOST": f"unix://{scratch}/none",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "0",
        "PYTHONUNBUFFERED": "1",
    }


def listen() -> socket.socket:
    """A listening socket on a free loopback port; the server inherits it, so nobody can take the port meanwhile."""
    sock = socket.create_server(("127.0.0.1", 0), backlog=512)
    sock.set_inheritable(True)
    return sock


def sweep(runs: Path, logs: Path) -> None:
    """Remove what runs that were killed left, and all but the newest logs."""
    for run in runs.iterdir():
        try:
            os.kill(int(run.name.split("-")[0]), 0)
        except (ValueError, ProcessLookupError):
            shutil.rmtree(run, ignore_errors=True)
        except OSError:
            continue
    for old in sorted(logs.iterdir(), key=lambda path: path.name)[:-KEPT_LOGS]:
        shutil.rmtree(old, ignore_errors=True)


def answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def main() -> int:
    runs, logs = LOCAL / "run", LOCAL / "logs"
    runs.mkdir(parents=True, exist_ok=True)
    logs.mkdir(exist_ok=True)
    sweep(runs, logs)
    scratch = tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=runs)
    log = logs / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    log.mkdir()

    sockets = {name: listen() for name in ("platform", "estate", "channels")}
    urls = {name: f"http://127.0.0.1:{sock.getsockname()[1]}" for name, sock in sockets.items()}
    env = environment(urls["platform"], urls["estate"], urls["channels"], scratch)
    servers: dict[str, subprocess.Popen[bytes]] = {}
    stop = threading.Event()

    def ended(*_: object) -> None:
        stop.set()

    def hear() -> None:
        while os.read(0, 4096):
            pass
        stop.set()

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, ended)
    threading.Thread(target=hear, daemon=True).start()
    try:
        for name, sock in sockets.items():
            with open(log / f"{name}.log", "wb") as out:
                servers[name] = subprocess.Popen(
                    [sys.executable, str(HERE / f"serve_{name}.py"), str(sock.fileno())],
                    env=env, stdin=subprocess.PIPE, stdout=out, stderr=out,
                    pass_fds=[sock.fileno()], start_new_session=True,
                )  # fmt: skip
            sock.close()
        return watch(servers, urls, log, stop)
    finally:
        # Each server ends itself once its standard input closes; the group goes with it.
        for server in servers.values():
            try:
                os.killpg(server.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            server.wait()
        shutil.rmtree(scratch, ignore_errors=True)


def watch(servers: dict[str, subprocess.Popen[bytes]], urls: dict[str, str], log: Path, stop: threading.Event) -> int:
    """Wait until all answer, say so, and stay until told to stop or one of them ends."""
    waiting = [f"{url}/kintsugi/calls" for url in urls.values()]
    late = time.monotonic() + START_SECONDS
    while not stop.wait(0.02 if waiting else 0.2):
        for name, server in servers.items():
            if server.poll() is not None:
                return fail(f"the {name} ended with {server.returncode}", log / f"{name}.log")
        if waiting:
            waiting = [url for url in waiting if not answers(url)]
            if not waiting:
                for name, url in urls.items():
                    print(name, url)
                print("logs", log)
                print("ready", flush=True)
            elif time.monotonic() > late:
                return fail(f"{waiting[0]} did not answer within {START_SECONDS} s", log / "platform.log")
    return 0


def fail(what: str, log: Path) -> int:
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    print(f"up.py: {what}. The end of {log}:\n{tail}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
