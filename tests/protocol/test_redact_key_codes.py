"""Key codes stand in no log (OCPP 2.0.1 Part 2, C04.FR.04)."""

from protocol.redact import redact_frame, redact_payload


def test_a_key_code_is_hidden_and_other_tokens_are_not() -> None:
    shown = redact_payload("Authorize", {"idToken": {"idToken": "4711", "type": "KeyCode"}}, answer=False)
    assert shown == {"idToken": {"idToken": "***", "type": "KeyCode"}}
    card = {"idToken": {"idToken": "04A1", "type": "ISO14443"}}
    assert redact_payload("Authorize", card, answer=False) is card


def test_in_frames_too() -> None:
    frame = '[2,"1","Authorize",{"idToken":{"idToken":"471147","type":"KeyCode"}}]'
    assert "471147" not in redact_frame(frame)
