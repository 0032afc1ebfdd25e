"""gunicorn for the portal, embedded and in production. Everything that differs comes from the environment."""

import multiprocessing
import os
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from partnerships.common import collector
from partnerships.common.logs import masked

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
# Requests wait for the database more than for the processor: few processes, some threads each.
workers = int(os.environ.get("WEB_WORKERS") or min(2, multiprocessing.cpu_count()))
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
preload_app = True  # one import, shared memory
timeout = 60
graceful_timeout = 5 if os.environ.get("LOG_REQUESTS") == "0" else 30
keepalive = 5
# A worker is renewed before small leaks add up; the jitter keeps them from going together.
max_requests = int(os.environ.get("WEB_MAX_REQUESTS") or 5000)
max_requests_jitter = 500
# A heartbeat file on a slow disk gets healthy workers killed: in memory where there is such a folder.
worker_tmp_dir = next((folder for folder in ["/dev/shm"] if Path(folder).is_dir()), None)  # noqa: S108
limit_request_line = 8190  # a hundred students, a full page, are chosen by address: 4,300 letters
# The proxy in front says whether the visitor came by https; name its address when it is not on this machine.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# Not where the portal is mounted (SCRIPT_NAME) and which address is meant (PATH_INFO): gunicorn takes these
# from a header of the proxy, and a proxy that hands on what visitors send lets them choose.
forwarder_headers = ""
control_socket_disable = True
accesslog = None if os.environ.get("LOG_REQUESTS") == "0" else "-"
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s %(M)sms id=%({x-request-id}o)s'
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning" if os.environ.get("LOG_REQUESTS") == "0" else "info")


def without_secrets(atoms: dict[str, Any]) -> dict[str, Any]:
    """What a line may name of a request: no address that opens something by itself."""
    return {key: masked(value) if isinstance(value, str) else value for key, value in atoms.items()}


class RequestLogger(Logger):
    def atoms(self, *given: Any) -> dict[str, Any]:
        return without_secrets(super().atoms(*given))


logger_class = RequestLogger


def post_worker_init(worker: Any) -> None:
    collector.spare()
