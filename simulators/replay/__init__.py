"""A stored conversation of a station, played again against another instance.

`conversation` is pure: what was said, what is to be said, and how answers differ. `stored` reads frames over the API,
`play` talks to the instance, `command` is `voltyard replay`.
"""
