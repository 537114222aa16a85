"""Firmware and logs on the station's side (OCPP 2.0.1 Part 2, L01 to L04, N01; 1.6, 4.5, 5.9, 5.17, and signed ones).

With somebody to move files (`station.maintenance.real`: the runner) images are fetched, checked and installed, and logs
are brought; without, the same story is told after some simulated seconds. `fail` is what goes wrong next time.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import attrs

from simulators.station.acting import Acts
from simulators.station.charging import NotPossible
from simulators.station.dialect import Reason, moment
from simulators.station.outbox import JsonObject, Outgoing
from simulators.station.signatures import holds, is_certificate

if TYPE_CHECKING:
    from simulators.station.station import Station

FAILURES: Final = (
    "DownloadFailed", "InvalidSignature", "InstallationFailed", "InstallVerificationFailed", "InvalidChecksum",
    "PublishFailed", "UploadFailure", "Rejected", "Silent",
)  # fmt: skip
_VERSION: Final = re.compile(r"(\d+(?:\.\d+)+)")
Done = Callable[[bytes | None, datetime], None]


@attrs.define
class Transfer:
    """A file to fetch (`data` None) or to bring. `done` gets what was fetched, or b"" when brought; None: it failed."""

    location: str
    done: Done
    data: bytes | None = None
    name: str = ""
    retries: int = 0


@attrs.define
class Maintenance:
    """What goes on. A newer update or upload ends the one before it."""

    real: bool = False
    transfers: deque[Transfer] = attrs.Factory(deque)
    fail: str | None = None
    update: int = 0  # which update is under way; 0: none
    upload: int = 0
    uploading: JsonObject | None = None
    last: str = "Idle"
    said: tuple[str, JsonObject] | None = None  # the last status of an update: by which action, in which words
    version: str | None = None
    published: dict[str, str] = attrs.Factory(dict)  # checksum → address
    count: int = 0

    def failing(self, *names: str) -> str | None:
        """What is to go wrong now, if it is one of these; once."""
        if self.fail in names:
            name, self.fail = self.fail, None
            return name
        return None


def update_firmware(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """UpdateFirmware of 2.x, SignedUpdateFirmware of 1.6."""
    firmware = payload["firmware"]
    certificate = firmware.get("signingCertificate")
    if certificate is not None and not is_certificate(certificate):
        return {"status": "InvalidCertificate"}  # L01.FR.22
    if station.maintenance.failing("Rejected"):
        return {"status": "Rejected"}
    signed = "SignedFirmwareStatusNotification"
    action = signed if station.config.version.value == "1.6" else "FirmwareStatusNotification"
    running = station.maintenance.update
    _Update(station, action, {"requestId": payload["requestId"]}, firmware, payload.get("retries", 0)).begin(now)
    return {"status": "AcceptedCanceled" if running else "Accepted"}  # L01.FR.24


def update_firmware_16(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """UpdateFirmware of 1.6: no request id, no signature, an empty answer."""
    firmware = {"location": payload["location"], "retrieveDateTime": payload["retrieveDate"]}
    _Update(station, "FirmwareStatusNotification", {}, firmware, payload.get("retries", 0)).begin(now)
    return {}


class _Update:
    """One update, from request to reboot."""

    def __init__(
        self, station: "Station", action: str, extra: JsonObject, firmware: JsonObject, retries: int
    ) -> None:
        self.station, self.action, self.extra, self.firmware, self.retries = station, action, extra, firmware, retries
        work = station.maintenance
        work.count += 1
        self.number = work.update = work.count
        self.image: bytes | None = None

    def begin(self, now: datetime) -> None:
        at = moment(self.firmware["retrieveDateTime"]) or now
        wait = (at - now).total_seconds()
        if wait > 5:
            self.station.after(1, lambda _: self._say("DownloadScheduled"))  # L01.FR.13
        self._later(max(wait, 2), self._download)

    def _download(self, now: datetime) -> None:
        work = self.station.maintenance
        if work.failing("Silent"):
            work.update = 0
            return
        self._say("Downloading")
        if work.real:
            work.transfers.append(Transfer(self.firmware["location"], self._downloaded, retries=self.retries))
        else:
            self._later(18, lambda at: self._downloaded(b"", at))

    def _downloaded(self, image: bytes | None, now: datetime) -> None:
        work = self.station.maintenance
        if work.update != self.number:
            return
        if image is None or work.failing("DownloadFailed"):
            self._end("DownloadFailed")
            return
        self._say("Downloaded")
        self.image = image
        if self.firmware.get("signature") is not None:
            if work.failing("InvalidSignature") or (work.real and not self._signed(image)):
                self._end("InvalidSignature")
                event: JsonObject = {"type": "InvalidFirmwareSignature", "timestamp": self.station.stamp(now)}
                self.station.outbox.put(Outgoing("SecurityEventNotification", lambda: event))  # L01.FR.03
                return
            self._say("SignatureVerified")
        at = moment(self.firmware.get("installDateTime"))
        wait = 0.0 if at is None else (at - now).total_seconds()
        if wait > 5:
            self._say("InstallScheduled")  # L01.FR.16
        self._later(max(wait, 2), self._install)

    def _signed(self, image: bytes) -> bool:
        return holds(image, self.firmware["signature"], self.firmware.get("signingCertificate", ""))

    def _install(self, now: datetime) -> None:
        if any(outlet.transaction for outlet in self.station.outlets.values()):
            self._later(10, self._install)  # L01.FR.06
            return
        self._say("Installing")
        self._later(18, self._installed)

    def _installed(self, now: datetime) -> None:
        failed = self.station.maintenance.failing("InstallationFailed", "InstallVerificationFailed")
        if failed:
            self._end(failed)
            return
        self._end("Installed")
        version = version_of(self.image or b"", self.firmware["location"])
        if version is not None:
            self.station.maintenance.version = version
            self.station.reset("soft", Reason.SOFT_RESET, "FirmwareUpdate", now)

    def _end(self, status: str) -> None:
        self._say(status)
        self.station.maintenance.update = 0

    def _say(self, status: str) -> None:
        payload = {"status": status} | self.extra
        self.station.maintenance.last, self.station.maintenance.said = status, (self.action, payload)
        say(self.station, self.action, payload)

    def _later(self, seconds: float, what: Callable[[datetime], None]) -> None:
        """Unless another update has taken its place by then."""
        self.station.after(seconds, lambda now: what(now) if self.station.maintenance.update == self.number else None)


def current(station: "Station", name: str) -> JsonObject:
    """What a trigger for a status gets: Idle when all is done, else the last one (L01.FR.25, L01.FR.26; 1.6, 4.5)."""
    work = station.maintenance
    if name == "FirmwareStatusNotification":
        over = work.said is None or work.last == "Installed" or work.said[0] != name
        return {"status": "Idle"} if over or work.said is None else work.said[1]
    by_log = bool(work.uploading)  # a request id: GetLog; none: GetDiagnostics
    uploads = work.upload != 0 and by_log is (name == "LogStatusNotification")
    return {"status": "Uploading"} | (work.uploading or {}) if uploads else {"status": "Idle"}


def version_of(image: bytes, location: str) -> str | None:
    """What a simulated image holds: its first line `firmware VERSION`, else a version in its name."""
    words = image[:200].split(b"\n", 1)[0].decode("ascii", "replace").split()
    if len(words) == 2 and words[0] == "firmware":
        return words[1][:50]
    found = _VERSION.search(location.rsplit("/", 1)[-1])
    return found[1] if found else None


def get_log(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetLog, in both generations."""
    name = f"{station.config.identity}-{payload['logType']}.log"
    extra = {"requestId": payload["requestId"]}
    canceled = _upload(station, payload["log"]["remoteLocation"], name, "LogStatusNotification", extra)
    if station.maintenance.failing("Rejected"):
        station.maintenance.upload = 0
        return {"status": "Rejected"}
    if canceled is not None and station.config.version.value != "1.6":
        say(station, "LogStatusNotification", {"status": "AcceptedCanceled"} | canceled)  # N01.FR.20
    return {"status": "Accepted" if canceled is None else "AcceptedCanceled", "filename": name}


def get_diagnostics(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetDiagnostics of 1.6."""
    name = f"{station.config.identity}-diagnostics.log"
    _upload(station, payload["location"], name, "DiagnosticsStatusNotification", {})
    return {"fileName": name}


def _upload(station: "Station", location: str, name: str, action: str, extra: JsonObject) -> JsonObject | None:
    """Begins one; what the one before it was known by, when that was under way."""
    work = station.maintenance
    canceled = work.uploading if work.upload else None
    work.count += 1
    number = work.upload = work.count
    work.uploading = extra

    def mine(what: Callable[[datetime], None]) -> Callable[[datetime], None]:
        return lambda now: what(now) if work.upload == number else None

    def begin(now: datetime) -> None:
        say(station, action, {"status": "Uploading"} | extra)
        log = "\n".join([f"{station.stamp(now)} {name}", *station.notes, ""]).encode()
        if work.real:
            work.transfers.append(Transfer(location, lambda got, at: end(got, at), log, name))
        else:
            station.after(9, mine(lambda at: end(b"", at)))

    def end(got: bytes | None, now: datetime) -> None:
        if work.upload != number:
            return
        work.upload = 0
        failed = "UploadFailed" if action.startswith("Diagnostics") else "UploadFailure"
        good = got is not None and not work.failing("UploadFailure")
        say(station, action, {"status": "Uploaded" if good else failed} | extra)

    station.after(1, mine(begin))
    return canceled


def publish(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """PublishFirmware of a local controller (L03)."""
    extra, checksum = {"requestId": payload["requestId"]}, payload["checksum"]
    failed = station.maintenance.failing("DownloadFailed", "InvalidChecksum", "PublishFailed")
    words = ["Downloading", "Downloaded", "ChecksumVerified"]
    upto = {"DownloadFailed": 1, "InvalidChecksum": 2, "PublishFailed": 3}.get(failed or "", 3)
    for number, status in enumerate(words[:upto]):
        station.after(2 + 2 * number, _saying(station, {"status": status} | extra))
    place = f"http://{station.config.identity}.local/{checksum}.bin"
    last: JsonObject = {"status": failed} if failed else {"status": "Published", "location": [place]}
    if not failed:
        station.maintenance.published[checksum] = place
    station.after(10, _saying(station, last | extra))
    return {"status": "Accepted"}


def _saying(station: "Station", payload: JsonObject) -> Callable[[datetime], None]:
    return lambda _: say(station, "PublishFirmwareStatusNotification", payload)


def unpublish(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """L04."""
    gone = station.maintenance.published.pop(payload["checksum"], None)
    return {"status": "NoFirmware" if gone is None else "Unpublished"}


def say(station: "Station", action: str, payload: JsonObject) -> None:
    """One notification, when there is a link."""
    if station.online:
        station.outbox.put(Outgoing(action, lambda: payload))


def _fail(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act fail STATUS`: the next update or upload ends so."""
    if len(words) != 1 or words[0] not in FAILURES:
        raise NotPossible(f"fail takes one of {', '.join(FAILURES)}")
    station.maintenance.fail = words[0]


ACTS: Acts = {"fail": _fail}
HANDLERS_16 = {
    "UpdateFirmware": update_firmware_16, "SignedUpdateFirmware": update_firmware, "GetLog": get_log,
    "GetDiagnostics": get_diagnostics,
}  # fmt: skip
HANDLERS = {
    "UpdateFirmware": update_firmware, "GetLog": get_log, "PublishFirmware": publish, "UnpublishFirmware": unpublish,
}  # fmt: skip
