"""How a request goes out: whole, half and hung up, whole and hung up, twice at once. And what the end of it was:

    ok    done, the answer says so            fail   refused for good, the answer says why
    info  nobody knows: no answer, or one that promises nothing (5xx)"""
import hashlib
import json
import socket
import threading
from collections import namedtuple
from http.client import HTTPException

Ending = namedtuple("Ending", "outcome status json sum wait")  # wait: the Retry-After of a 503
NOBODY_KNOWS = Ending("info", 0, {}, None, None)


def ending(answer):
    outcome = "ok" if 200 <= answer.status < 300 else "fail" if 400 <= answer.status < 500 else "info"
    if answer.status in (408, 425, 429):
        outcome = "info"
    try:
        said = answer.json if answer.body else {}
    except ValueError:
        said = {}
    return Ending(outcome, answer.status, said if isinstance(said, dict) else {},
                  hashlib.sha256(answer.body).hexdigest()[:16], answer.headers.get("Retry-After"))


def whole(client, method, path, body, key):
    """An Ending; never raises for what a network or a server can do."""
    try:
        return ending(client.api(method, path, body, key))
    except (OSError, EOFError, HTTPException):
        return NOBODY_KNOWS


def cut(client, path, body, key, half):
    """Sends half of it, or all, and is gone."""
    data = json.dumps(body).encode()
    head = (f"POST /api/v1{path} HTTP/1.1\r\nHost: {client.host}:{client.port}\r\nAuthorization: Bearer {client.token}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n").encode()
    try:
        with socket.create_connection((client.host, client.port), timeout=client.timeout) as connection:
            connection.sendall(head + (data[:len(data) // 2] if half else data))
    except OSError:
        pass
    return NOBODY_KNOWS


def at_once(sends):
    """Calls all of them at one moment, each on a thread of its own; their results in order."""
    gate = threading.Barrier(len(sends))
    results = [NOBODY_KNOWS] * len(sends)

    def one(i):
        gate.wait()
        results[i] = sends[i]()

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(sends))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
