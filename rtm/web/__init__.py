"""The door for people: pages, login, the API and the socket, on one port.

Be a request: the guard looks at your ``Host``, your method, your ``Origin`` and your body, then
asks who you are; without a session you see only the login, an invitation or the health. Then you
reach the API (``api``), the socket (``screens``) or, through a bridge, the pages (``wsgi``).
"""
