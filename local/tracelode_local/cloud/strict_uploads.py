"""moto that takes a form upload only under its policy, as S3 does."""

import os
from datetime import UTC, datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from moto.s3.responses import S3Response

from tracelode_local.cloud.account import SECRET_KEY
from tracelode_local.cloud.post_policy import refusal

_take: Final = S3Response._bucket_response_post
_CREATED: Final = "201"


def make_strict() -> None:
    """Refuse what the policy of a form does not allow, in this process and for good."""
    setattr(S3Response, "_bucket_response_post", take_form)  # noqa: B010  what moto declares has another signature


def take_form(response: Any, request: Any, bucket: str) -> Any:
    """S3Response._bucket_response_post under the form's policy; other posts (a list of deletions) pass."""
    if "file" not in request.files:
        return _take(response, request, bucket)
    refused = refusal(
        request.form.to_dict(),
        bucket=bucket,
        file_name=os.path.basename(request.files["file"].filename or ""),  # noqa: PTH119  a name that a browser sent
        size=len(response.body),
        secret_key=SECRET_KEY,
        now=datetime.now(UTC),
    )
    if refused:
        body = f"<Error><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message></Error>"
        return refused.status, {"Content-Type": "application/xml"}, body
    status, headers, answer = _take(response, request, bucket)
    if str(status) == _CREATED:
        key = escape(response.querystring["key"][0])
        answer = f"<PostResponse><Bucket>{escape(bucket)}</Bucket><Key>{key}</Key></PostResponse>"
        headers["Content-Type"] = "application/xml"
    return int(status), headers, answer
