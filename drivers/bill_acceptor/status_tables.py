"""What a protocol of numbered statuses calls a fault or a reason, looked up in its document's tables."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Protocol

from drivers.faults import FaultCode, RejectReason

_UNKNOWN = "not in the tables"


class Status(Protocol):
    @property
    def code(self) -> int: ...

    @property
    def data(self) -> bytes: ...


@dataclass(frozen=True)
class StatusFault:
    words: str  # of the vendor
    code: FaultCode
    after_s: float = 0.0  # in order until then


@dataclass(frozen=True, kw_only=True)
class StatusTables:
    statuses: Container[int]
    rejecting: int  # the status whose first byte of data is a key of `rejects`
    rejects: Mapping[int, tuple[str, RejectReason]]
    failure: int  # the status whose first byte of data is a key of `failures`
    failures: Mapping[int, str]
    faults: Mapping[int, StatusFault]

    def reject_of(self, data: bytes) -> tuple[RejectReason, str]:
        """The reason of a REJECTING status, and its vendor's code in words."""
        code = data[0] if data else 0x00
        words, reason = self.rejects.get(code, (_UNKNOWN, RejectReason.OTHER))
        return reason, f"{self.rejecting:02X} {code:02X} {words}"

    def fault_of(self, status: Status, lasted_s: float) -> tuple[FaultCode, str] | None:
        """The fault a status means, once it has lasted that long."""
        if status.code == self.failure:
            code = status.data[0] if status.data else 0x00
            words = self.failures.get(code, _UNKNOWN)
            return FaultCode.ACCEPTOR_FAILURE, f"{self.failure:02X} {code:02X} {words}"
        if status.code not in self.statuses:
            return FaultCode.ACCEPTOR_PROTOCOL, f"status 0x{status.code:02X} is {_UNKNOWN}"
        fault = self.faults.get(status.code)
        if fault is None or lasted_s < fault.after_s:
            return None
        return fault.code, f"{status.code:02X} {fault.words}"

    def words_of(self, status: Status) -> str:
        """What the data of a REJECTING or FAILURE status mean; of any other, nothing."""
        if status.data and status.code == self.rejecting:
            return self.rejects.get(status.data[0], (_UNKNOWN, None))[0]
        if status.data and status.code == self.failure:
            return self.failures.get(status.data[0], _UNKNOWN)
        return ""

    def vendor_codes(self) -> Mapping[str, tuple[str, FaultCode | RejectReason]]:
        """All that the document calls a fault or a reason, by its code, in its words and in ours."""
        rejects = {f"{self.rejecting:02X} {code:02X}": told for code, told in self.rejects.items()}
        failures = {
            f"{self.failure:02X} {code:02X}": (words, FaultCode.ACCEPTOR_FAILURE)
            for code, words in self.failures.items()
        }
        faults = {f"{code:02X}": (fault.words, fault.code) for code, fault in self.faults.items()}
        return {**rejects, **failures, **faults}
