"""The OpenAPI document, made from the route table and the types of the handlers, and the pages that show it."""
