"""The local cloud's connections: one serves request after request, and nothing of one is taken for the next."""

import http.client
from urllib.parse import urlsplit

import pytest

from tracelode_local.cloud.clients import Clients

BODY = b"PUT /elsewhere/key HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
"""A body that would be a request if it were left unread."""


@pytest.fixture
def connection(cloud):
    """A connection to a cloud that has a bucket `case`."""
    Clients(cloud.endpoint).s3.create_bucket(Bucket="case")
    made = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc)
    yield made
    made.close()


def ask(connection, method, path, body=None, **options):
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=local/20240101/us-east-1/s3/aws4_request, Signature=0"}
    connection.request(method, path, body, signed, **options)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_a_connection_lasts_from_one_request_to_the_next(connection):
    # GIVEN
    ask(connection, "PUT", "/case/key", b"content")
    port = connection.sock.getsockname()[1]
    # WHEN
    answers = [ask(connection, "GET", "/case/key") for _ in range(3)]
    # THEN
    assert answers == [(200, b"content")] * 3
    assert connection.sock.getsockname()[1] == port


@pytest.mark.parametrize("path", ["/case/key", "/nowhere/key"], ids=["taken", "refused"])
def test_a_body_that_looks_like_a_request_is_none(connection, path):
    # WHEN
    ask(connection, "PUT", path, BODY)
    # THEN
    assert ask(connection, "GET", "/case/nothing")[0] == 404
    assert ask(connection, "PUT", "/case/key", b"next")[0] == 200
    assert ask(connection, "GET", "/case/key") == (200, b"next")


def test_an_answer_without_a_body_is_followed_by_the_next_answer(connection):
    # GIVEN
    ask(connection, "PUT", "/case/key", b"content")
    # WHEN / THEN
    assert ask(connection, "HEAD", "/case/key") == (200, b"")
    assert ask(connection, "DELETE", "/case/key") == (204, b"")
    assert ask(connection, "HEAD", "/case/key") == (404, b"")
    assert ask(connection, "GET", "/case/key")[0] == 404


def test_a_body_in_chunks_is_taken_whole(connection):
    # WHEN
    ask(connection, "PUT", "/case/key", iter([b"one ", b"two"]), encode_chunked=True)
    # THEN
    assert ask(connection, "GET", "/case/key") == (200, b"one two")
