"""What station_objects hold of logs and customer information.

`log_upload`, by the request's id (1.6 without one: by our address' id, else the command's):
    type (DiagnosticsLog, SecurityLog, DataCollectorLog), location, address? (id of the file address), file_name? (what
    the station calls it), from?, to?, command, timeline: [{status, at, info?}], rank.
    status: Requested, then the station's own words (UploadLogStatusEnumType), or Rejected, Canceled, error, timeout …
`customer_information`, by the request's id:
    report, clear, about (idToken, customerCertificate, customerIdentifier: which was named, never its value),
    parts?, complete?. status: Accepted, Rejected, Invalid, Reporting, Reported, Cleared.
    The text itself lies in customer_reports, where it can be deleted.
`forgotten_token`, by the token's key (its uid, ignoring case): nothing. What the station held of it was cleared, so it
    is kept off the station's local list too, until the token is no longer wanted there or is asked for again.
"""

from typing import Final

LOG: Final = "log_upload"
CUSTOMER: Final = "customer_information"
FORGOTTEN: Final = "forgotten_token"
