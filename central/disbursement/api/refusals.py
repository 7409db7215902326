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
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "Not JSON, or too far ahead"},
    401: {"model": Refusal, "description": "Not signed, not signed as demanded, or a replay"},
    403: {
        "model": Refusal,
        "description": "No such speaker is registered, or it may not ask this",
    },
    404: {"model": Refusal, "description": "Unknown to this speaker"},
    409: {"model": Refusal, "description": "It contradicts what is stored, or cannot be any more"},
    413: {"model": Refusal, "description": "The body is too large"},
    422: {"model": Refusal, "description": "The message is not as the wire says, or out of range"},
    503: {
        "model": Refusal,
        "description": "No fresh price, the wallet does not answer, or too much waits: try later",
    },
}


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
