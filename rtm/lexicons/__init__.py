"""Word lists, as TOML, written for rtm and free to better."""
