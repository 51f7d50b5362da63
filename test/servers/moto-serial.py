"""moto with one request at a time: the look at a precondition and the write that depends on it become one step.

usage: moto-serial.py PORT

moto compares ETags first and stores the object later, without a lock between. Here a request is read whole before the
lock is taken, so that a slow sender holds up nobody, and its answer is complete before the lock is let go.
"""

import io
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple
from werkzeug.wsgi import get_input_stream


class OneAtATime:
    """A WSGI application that hands on one request at a time."""

    def __init__(self, inner):
        self.inner = inner
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        body = get_input_stream(environ).read()
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        with self.lock:
            answer = self.inner(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                if hasattr(answer, "close"):
                    answer.close()


class Silent(WSGIRequestHandler):
    """Tells nothing of requests."""

    def log_request(self, *args):
        pass


run_simple(
    "127.0.0.1",
    int(sys.argv[1]),
    OneAtATime(DomainDispatcherApplication(create_backend_app)),
    threaded=True,
    request_handler=Silent,
)
