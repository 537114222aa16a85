"""The other end of every wire: stations, vehicles and fleets to run the platform against."""
