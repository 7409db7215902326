"""The routes of `kiosk_wire.customers`."""

from typing import Annotated

from fastapi import APIRouter, Path

from disbursement.api import refusals
from disbursement.api.speaking import Seller
from disbursement.customers import enrolling
from disbursement.customers.standing import give_name, standing
from disbursement.house import House
from kiosk_wire.customers import (
    CodeAttempt,
    CodeRequest,
    Enrolment,
    EnrolmentRequest,
    NameRequest,
    Standing,
    StandingRequest,
)
from kiosk_wire.messages import Id

EnrolmentId = Annotated[Id, Path()]


def routes(house: House) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["customers"], responses=refusals.DOCUMENTED)

    @router.post("/enrolments", summary="Send a code to a phone")
    def post_enrolment(speaker_id: Seller, request: EnrolmentRequest) -> Enrolment:
        return enrolling.begin(house, speaker_id, request)

    @router.post("/enrolments/{enrolment_id}/codes", summary="Send another code")
    def post_code(
        speaker_id: Seller, enrolment_id: EnrolmentId, request: CodeRequest
    ) -> Enrolment:
        return enrolling.ask_again(house, speaker_id, enrolment_id, request)

    @router.post("/enrolments/{enrolment_id}/attempts", summary="Is this the code?")
    def post_attempt(
        speaker_id: Seller, enrolment_id: EnrolmentId, request: CodeAttempt
    ) -> Enrolment:
        return enrolling.attempt(house, speaker_id, enrolment_id, request)

    @router.post("/customers/{customer_id}/name", summary="Who this customer is")
    def post_name(
        speaker_id: Seller, customer_id: Annotated[Id, Path()], request: NameRequest
    ) -> Standing:
        return give_name(house, speaker_id, customer_id, request)

    @router.post("/standings", summary="How much may be sold now, to this customer and address?")
    def post_standing(speaker_id: Seller, request: StandingRequest) -> Standing:
        return standing(house, speaker_id, request)

    return router
