-- At the start of a node nothing is connected, whatever a killed process left behind.
update station_states set online = false where online
