"""What no model describes: the table of the shared cache, and the full-text index of each database."""

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = [
    """CREATE INDEX entry_words ON core_entry USING gin (
        (setweight(to_tsvector('simple', title), 'A')
         || setweight(to_tsvector('simple', body), 'D')))""",
]
SQLITE = [
    """CREATE VIRTUAL TABLE core_entry_words USING fts5(
        title, body, content='core_entry', content_rowid='id', prefix='1 2 3')""",
    """CREATE TRIGGER core_entry_put AFTER INSERT ON core_entry BEGIN
        INSERT INTO core_entry_words (rowid, title, body) VALUES (new.id, new.title, new.body);
    END""",
    """CREATE TRIGGER core_entry_drop AFTER DELETE ON core_entry BEGIN
        INSERT INTO core_entry_words (core_entry_words, rowid, title, body)
        VALUES ('delete', old.id, old.title, old.body);
    END""",
    """CREATE TRIGGER core_entry_change AFTER UPDATE ON core_entry BEGIN
        INSERT INTO core_entry_words (core_entry_words, rowid, title, body)
        VALUES ('delete', old.id, old.title, old.body);
        INSERT INTO core_entry_words (rowid, title, body) VALUES (new.id, new.title, new.body);
    END""",
]


def make_cache(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Harmless where another cache is set: the table is then empty."""
    alias = schema_editor.connection.alias
    call_command("createcachetable", "core_cache", database=alias, verbosity=0)


def make_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for statement in POSTGRESQL if postgresql else SQLITE:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunPython(make_cache, migrations.RunPython.noop),
        migrations.RunPython(make_index, migrations.RunPython.noop),
    ]
