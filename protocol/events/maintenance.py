"""Events about firmware, campaigns and logs."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}
_Request = Annotated[Text, told("The request it belongs to; null when the station named none.")]


class FirmwareProgressed(EventData, frozen=True, kw_only=True, gc=False):
    """A station has told of a firmware update, or a local controller of an image it publishes."""

    type: ClassVar[str] = "voltyard.station.firmware_status.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"status": "Installed", "request_id": "17", "published": False}

    station_id: StationId
    station: StationName
    status: Annotated[str, told("The status, in the words of OCPP.")]
    request_id: _Request = None
    published: Annotated[bool, told("True when it is about publishing an image (PublishFirmware).")] = False


class LogProgressed(EventData, frozen=True, kw_only=True, gc=False):
    """A station has told of the upload of a log."""

    type: ClassVar[str] = "voltyard.station.log_status.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"status": "Uploaded", "request_id": "17"}

    station_id: StationId
    station: StationName
    status: Annotated[str, told("The status, in the words of OCPP.")]
    request_id: _Request = None


class LogReceived(EventData, frozen=True, kw_only=True, gc=False):
    """A log has arrived whole at our file server."""

    type: ClassVar[str] = "voltyard.log.received.v1"
    subject: ClassVar[str] = "logs/{log_id}"
    example: ClassVar[dict[str, Any]] = {
        "log_id": "01930c22-1111-7c3e-9a55-3f1f0b6c2d11", "station_id": _STATION["station_id"], "size": 18234,
        "file_name": "CP001-diagnostics.log",
    }  # fmt: skip

    log_id: Annotated[UUID, told("Our id of the log.")]
    station_id: StationId
    size: Annotated[int, told("Its size in bytes.")]
    file_name: Annotated[Text, told("What the station calls it.")] = None


class CampaignChanged(EventData, frozen=True, kw_only=True, gc=False):
    """A firmware campaign began, paused (by itself or by somebody), went on, was cancelled or ended."""

    type: ClassVar[str] = "voltyard.campaign.changed.v1"
    subject: ClassVar[str] = "campaigns/{campaign_id}"
    example: ClassVar[dict[str, Any]] = {
        "campaign_id": "01930c22-1111-7c3e-9a55-3f1f0b6c2d12", "name": "4.2 for all Twin 22", "status": "paused",
        "reason": "3 stations failed; at most 2 may",
    }  # fmt: skip

    campaign_id: Annotated[UUID, told("Our id of the campaign.")]
    name: Annotated[str, told("Its name.")]
    status: Annotated[str, told("running, paused, cancelled or ended.")]
    reason: Annotated[Text, told("Why it paused.")] = None


EVENTS: tuple[type[EventData], ...] = (FirmwareProgressed, LogProgressed, LogReceived, CampaignChanged)
