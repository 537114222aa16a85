"""Thousands of stations in one thread: raw sockets on epoll and frames made ahead. `engine` is the library."""
