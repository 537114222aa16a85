"""What station_objects hold of firmware.

`firmware_update`, by the request's id (1.6 without one: by our address' id, else the command's):
    location?, address? (id of the file address), firmware? (id of the image), retrieve_at, install_at?, signed,
    command, timeline: [{status, at, info?}], rank.
    status: Requested, then the station's own words (FirmwareStatusEnumType), or Rejected, InvalidCertificate,
    RevokedCertificate, Canceled, and for calls without an answer: error, timeout, lost, invalid_answer.
`published_firmware`, by the request's id:
    checksum, locations?, command, timeline, rank. status: Requested, PublishFirmwareStatusEnumType, Unpublished.
"""

from typing import Final

UPDATE: Final = "firmware_update"
PUBLISHED: Final = "published_firmware"
