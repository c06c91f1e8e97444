"""A transport as an app brings it: Python's own HTTP client, under the contract of `Transport`."""

import http.client
import socket
import ssl
import threading
import urllib.parse

from interaction_code import CancelListener, HttpHeader, TransportResponse, Transport, TransportError


class _Closing(CancelListener):
    """Ends a request by shutting its connection down, which wakes the thread that waits for it."""

    def __init__(self, connection):
        self.connection = connection

    def cancelled(self):
        if self.connection.sock is not None:
            self.connection.sock.shutdown(socket.SHUT_RDWR)


class HttpTransport(Transport):
    """One connection for each request. No redirect, cookie, cache or retry: `http.client` has none of them."""

    def send(self, request, cancel):
        url = urllib.parse.urlsplit(request.url)
        made = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = made(url.hostname, url.port, timeout=request.timeout_ms / 1000)
        left = False
        registration = cancel.on_cancel(_Closing(connection))
        try:
            connection.connect()
            if cancel.is_cancelled():
                raise TransportError.Cancelled(False)
            left = True
            connection.putrequest(request.method, request.url[request.url.index(url.netloc) + len(url.netloc):] or "/",
                                  skip_accept_encoding=True)
            for header in request.headers:
                connection.putheader(header.name, header.value)
            if request.method == "POST":
                connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body or None)
            response = connection.getresponse()
            body = response.read(request.max_body + 1)
            if len(body) > request.max_body:
                raise TransportError.TooLarge()
            headers = [HttpHeader(name=name, value=value) for name, value in response.getheaders()]
            return TransportResponse(status=response.status, headers=headers, body=body)
        except (OSError, http.client.HTTPException) as error:
            if cancel.is_cancelled():
                raise TransportError.Cancelled(left) from None
            if isinstance(error, TimeoutError):
                raise TransportError.TimedOut(left) from None
            if isinstance(error, ssl.SSLError):
                raise TransportError.Tls(type(error).__name__, left) from None
            if not left:
                raise TransportError.Offline(type(error).__name__, False) from None
            raise TransportError.Network(type(error).__name__, True) from None
        finally:
            registration.remove()
            connection.close()


class Recorder(HttpTransport):
    """Keeps the requests; changes the answers, if it is told how."""

    def __init__(self, change=None):
        self.sent, self.change, self.lock = [], change, threading.Lock()

    def send(self, request, cancel):
        with self.lock:
            self.sent.append(request)
        response = super().send(request, cancel)
        if self.change is not None:
            response.body = self.change(urllib.parse.urlsplit(request.url).path, response.body)
        return response


class Failing(HttpTransport):
    """Fails once, at the n-th request: before it is sent, or when the answer has been lost."""

    def __init__(self, at, after):
        self.at, self.after, self.count = at, after, 0

    def send(self, request, cancel):
        self.count += 1
        if self.count != self.at:
            return super().send(request, cancel)
        if self.after:
            super().send(request, cancel)
        raise TransportError.Network("made to fail", self.after)
