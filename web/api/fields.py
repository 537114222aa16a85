"""Types of fields that several resources share, with what is allowed in them."""

from typing import Annotated, Any, Literal

from msgspec import Meta

# Python's `$` also stands before a line's last "\n", which ECMAScript's (and so JSON Schema's) does not.
END = "$(?!\\n)"
# No control characters; U+F8FE is how web/paths.py marks an encoded slash.
_CONTROL = "\\x00-\\x1f\\x7f\uf8fe"
_PLAIN = f"^[^{_CONTROL}]*{END}"
_TRIMMED = f"^[^\\s{_CONTROL}](?:[^{_CONTROL}]*[^\\s{_CONTROL}])?{END}"

Identity = Annotated[
    str, Meta(min_length=1, max_length=255, pattern=_TRIMMED,
              description="The station's OCPP identity: no control characters, no blanks around it")
]
Label = Annotated[str, Meta(min_length=1, max_length=255, pattern=_PLAIN)]
Search = Annotated[str, Meta(min_length=1, max_length=255)]
Password = Annotated[
    str, Meta(min_length=1, max_length=255, pattern=_PLAIN,
              description='What the station must send; `generate` makes one and shows it once. Stations take 16 to 40 '
                          "characters (2.x) or 16 to 20 bytes (1.6)")
]
VersionName = Literal["1.6", "2.0.1", "2.1"]
Profile = Annotated[int, Meta(ge=0, le=3, description="OCPP security profile; 0: no password asked")]
Admission = Literal["accepted", "pending", "rejected"]
FrameLog = Literal["default", "all", "none"]
Evse = Annotated[int, Meta(ge=0, le=2**31 - 1, description="EVSE; the connector's id in 1.6")]
Connector = Annotated[int, Meta(ge=0, le=2**31 - 1)]
PositiveEvse = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Object = dict[str, Any]
Transfer = Literal[
    "AC_single_phase", "AC_two_phase", "AC_three_phase", "DC", "AC_BPT", "AC_BPT_DER", "AC_DER", "DC_BPT", "DC_ACDP",
    "DC_ACDP_BPT", "WPT",
]  # an energy transfer, as OCPP 2.1 names it
GENERATE = "generate"  # in place of a password: make one
