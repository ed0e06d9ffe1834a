"""The full-text index over tracker_searchentry: FTS5 kept up by triggers on SQLite, GIN on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE tracker_search_fts USING fts5(
        title, body, content='tracker_searchentry', content_rowid='id', tokenize='unicode61')""",
    """CREATE TRIGGER tracker_search_added AFTER INSERT ON tracker_searchentry BEGIN
        INSERT INTO tracker_search_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END""",
    """CREATE TRIGGER tracker_search_removed AFTER DELETE ON tracker_searchentry BEGIN
        INSERT INTO tracker_search_fts(tracker_search_fts, rowid, title, body)
        VALUES ('delete', old.id, old.title, old.body); END""",
    """CREATE TRIGGER tracker_search_changed AFTER UPDATE ON tracker_searchentry BEGIN
        INSERT INTO tracker_search_fts(tracker_search_fts, rowid, title, body)
        VALUES ('delete', old.id, old.title, old.body);
        INSERT INTO tracker_search_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER tracker_search_changed",
    "DROP TRIGGER tracker_search_removed",
    "DROP TRIGGER tracker_search_added",
    "DROP TABLE tracker_search_fts",
]
POSTGRESQL = [
    """CREATE INDEX tracker_search_words ON tracker_searchentry USING gin (
        (setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'D')))"""
]
POSTGRESQL_BACK = ["DROP INDEX tracker_search_words"]


def run(sqlite, postgresql):
    def execute(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]
    operations = [migrations.RunPython(run(SQLITE, POSTGRESQL), run(SQLITE_BACK, POSTGRESQL_BACK))]
