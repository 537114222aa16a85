"""What commands need before they are sent, for REST and for jobs alike: nothing here knows of requests (web.api)."""
