"""What alembic runs: bring the database of the connection that it was given up to date."""

from alembic import context

from rtm.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
