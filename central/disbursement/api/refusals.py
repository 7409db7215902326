"""Every no is a Refusal, with its HTTP status."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from disbursement.errors import Refused
from kiosk_wire.messages import Refusal, RefusalCode

UNREAD = frozenset({408, 413, 414, 431})  # what is still on its way is not waited for
RETRY_AFTER = {
    "Retry-After": {"description": "So many seconds; not before.", "schema": {"type": "integer"}}
}
WHY: dict[int, str] = {
    400: "Not JSON, too far ahead, or without a good Idempotency-Key where one is demanded",
    401: "Not signed, not signed as demanded, or a replay",
    403: "No such speaker is registered, or it may not ask this",
    404: "Unknown to this speaker",
    408: "The body did not arrive in time",
    409: "It contradicts what is stored, cannot be any more, or is still being done",
    413: "The body is too large",
    414: "The URL is too long",
    422: "The message is not as the wire says, out of range, or another under the same Idempotency-Key",
    429: "Asked too often",
    431: "The headers are too long",
    503: "No fresh price, the wallet or the books do not answer, or too much waits: try later",
    504: "It took too long: nothing is done after this",
}
AT_THE_DOOR = (408, 413, 414, 429, 431, 503, 504)  # of every operation


def _described(status: int) -> dict[str, Any]:
    headers = {} if status not in (408, 409, 429, 503, 504) else {"headers": RETRY_AFTER}
    away = {"content": {"text/plain": {"schema": {"type": "string"}}}} if status == 503 else {}
    return {"model": Refusal, "description": WHY[status], **headers, **away}


DOCUMENTED: dict[int | str, dict[str, Any]] = {status: _described(status) for status in WHY}
OPEN: dict[int | str, dict[str, Any]] = {status: _described(status) for status in AT_THE_DOOR}


def answer(refused: Refused) -> JSONResponse:
    wait = {} if refused.retry_after_s is None else {"Retry-After": str(refused.retry_after_s)}
    close = {"Connection": "close"} if refused.status in UNREAD else {}
    return JSONResponse(refused.as_message().model_dump(mode="json"), refused.status, wait | close)


def malformed(fault: Mapping[str, Any]) -> Refused:
    """What pydantic complains of."""
    status = 400 if fault["type"] == "json_invalid" else 422
    place = ".".join(str(part) for part in fault["loc"]) or "the body"
    return Refused(status, RefusalCode.BAD_REQUEST, f"{place}: {fault['msg']}")


def install(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    def _refused(request: Request, refused: Refused) -> JSONResponse:
        request.state.refusal = refused.code.value  # to be counted
        return answer(refused)

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, invalid: RequestValidationError) -> JSONResponse:
        return answer(malformed(invalid.errors()[0]))

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> JSONResponse:
        code = RefusalCode.NOT_FOUND if error.status_code == 404 else RefusalCode.BAD_REQUEST
        return answer(Refused(error.status_code, code, error.detail))
