"""The making of `protocol/ocpp/messages/`: schemas → `model` (`reading`, `names16`) → Python text (`writing`)."""
