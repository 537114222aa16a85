"""The second backend: what stations say is told to another CSMS too; its commands are let in or refused."""
