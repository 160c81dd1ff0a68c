"""One module a page: ``PATH``, ``TITLE`` and a pure ``layout``."""
