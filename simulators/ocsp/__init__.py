"""An authority for tests: contract certificates, an OCSP responder and a revocation list, with bad manners."""
