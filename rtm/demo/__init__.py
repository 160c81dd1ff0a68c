"""A brand profile and a watched event, as a team could have written them before the night."""
