"""POST /violation with an input answers what the policy says of it."""

import json
import os
import signal
from http.server import BaseHTTPRequestHandler, HTTPServer

from opa_wasmtime import OPAPolicy

# One memory page of the module is enough to begin with; it grows when it has to.
policy = OPAPolicy("policy.wasm", min_memory=2)
policy.set_data({})


class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path != "/violation":
            return self.answer(404, {"error": "POST /violation"})
        try:
            given = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        except ValueError as error:
            return self.answer(400, {"error": str(error)})
        # No result is an undefined decision.
        results = policy.evaluate(given)
        self.answer(200, results[0]["result"] if results else None)

    def do_GET(self):
        self.answer(404, {"error": "POST /violation"})

    def answer(self, status, body):
        text = json.dumps(body, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def stop(*_):
    raise SystemExit


signal.signal(signal.SIGTERM, stop)
with HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8080))), Service) as server:
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
