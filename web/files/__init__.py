"""The file server over HTTP: firmware to fetch, logs to bring, at one-time addresses. No bearer token opens it."""
