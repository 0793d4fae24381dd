"""The engine: a refused connection is a reason to look whether our own server runs."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from config import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; with an embedded server it starts that server on demand."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection, after starting the embedded server if that was missing."""
        cluster = settings.EMBEDDED_CLUSTER
        if cluster is None or conn_params.get("host") != str(cluster.socket_dir):
            return super().get_new_connection(conn_params)
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            # Not running, or killed a moment ago. Anything else fails a second time as it is.
            embedded.ensure_running(cluster=cluster)
            return super().get_new_connection(conn_params)

    def prepared_cursor(self) -> Any:
        """
        Return a cursor whose statements the server keeps prepared.

        Django's own puts the values into the text, so that the server plans every call anew; for
        the statements of every step that is most of the work. Where queries are logged, Django's
        own is taken: it knows the text with its values.
        """
        if self.queries_logged:
            return self.cursor()
        self.ensure_connection()
        return self._prepare_cursor(psycopg.Cursor(self.connection))  # type: ignore[attr-defined]
