"""The file server of a node: opened for as long as it runs; HTTP is served with the API (web/files), FTP from here."""
