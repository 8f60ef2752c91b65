"""Reads what changed of a feed, and keeps each key's row once over all its files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from ingestion.columns import Rows
from ingestion.seam import Entities, read_entities
from ingestion.settings import Settings
from ingestion.sources.files.listing import SourceFile, list_files
from ingestion.sources.files.mapping import EntityRule, FileMapping, load_mapping
from ingestion.sources.files.readers import TextBatch, read_file
from ingestion.sources.files.spec import (
    FILE_COLUMN,
    LINE_COLUMN,
    PRECEDENCE_COLUMN,
    REJECTED,
    Feed,
)
from ingestion.sources.files.sql import literal
from ingestion.sources.files.transform import Transformer
from ingestion.spec import ACCOUNT_COLUMN, ClientContext, Removed
from ingestion.windows import Window

GROUP_LINES = 250_000


def connect(account: Feed, context: ClientContext) -> FilesClient:
    """The client of one feed; reads the mapping, and no file yet."""
    return FilesClient(account, context)


class FilesClient:
    """Brings the changed files of a feed.

    Args:
        feed: What to read.
        context: `state["files"]` remembers of each file its stamp, its hash and what it fed; the
            option `prune` takes away the rows of files that are gone.
    """

    def __init__(self, feed: Feed, context: ClientContext) -> None:
        self._feed = feed
        self._context = context
        self._entities = read_entities(context.settings, context.source)
        self._mapping = load_mapping(feed.mapping, self._entities)
        scratch = context.settings.data_dir / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        self._transformer = Transformer(self._mapping, self._entities, scratch)

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Rows of new and changed files; groups that are empty now."""
        del stream
        present = list_files(self._feed.path, self._mapping.files)
        known: dict[str, Any] = self._context.state.setdefault("files", {})
        gone = sorted(set(known) - {file.name for file in present})
        pruned = gone if self._context.options.get("prune") else []
        rules_digest = _digest_of(self._mapping, self._entities)
        chosen = self._choose(present, known, rules_digest, read_all=bool(pruned) or window.is_full)
        for group in _grouped(self._read(chosen), self._transformer.rules_for):
            yield from self._group_items(group, known, rules_digest)
        for name in pruned:
            yield from _removals(name, known.pop(name)["tables"])
        self._tell(present, chosen, gone, pruned)

    def check(self) -> None:
        """Looks whether there are files; the mapping was read already."""
        list_files(self._feed.path, self._mapping.files)

    def close(self) -> None:
        """Gives the memory back."""
        self._transformer.close()

    def _choose(
        self, present: list[SourceFile], known: dict[str, Any], digest: str, *, read_all: bool
    ) -> list[SourceFile]:
        """New and changed files.

        Where rows have keys, and a file that was read before changed or went, all are read again:
        the row of a key that it had may now be another file's.
        """
        changed = [file for file in present if read_all or _differs(file, known, digest)]
        if self._mapping.keys and any(file.name in known for file in changed):
            return present
        return changed

    def _read(self, files: list[SourceFile]) -> Iterator[tuple[SourceFile, list[TextBatch]]]:
        for file in files:
            batches = list(read_file(file, self._mapping.files))
            yield file, batches

    def _group_items(
        self, group: _Group, known: dict[str, Any], digest: str
    ) -> Iterator[tuple[str, Rows] | Removed]:
        """Transforms whole files together, as many as make a good batch."""
        fed: dict[str, set[str]] = {file.name: set() for file in group.files}
        for name, rows in self._rows_of(group):
            if rows.num_rows:
                for file in rows[FILE_COLUMN].unique().to_pylist():
                    fed[file].add(name)
                yield name, rows
        for file in group.files:
            before = set(known.get(file.name, {}).get("tables", ()))
            yield from _removals(file.name, sorted(before - fed[file.name]))
            known[file.name] = {
                "stamp": file.stamp,
                "sha256": file.digest(),
                "rules": digest,
                "tables": sorted(fed[file.name]),
            }

    def _rows_of(self, group: _Group) -> Iterator[tuple[str, pa.Table]]:
        if group.broken:
            yield REJECTED, pa.Table.from_pylist(group.broken)
        if group.rules and group.tables:
            lines = pa.concat_tables(group.tables, promote_options="default")
            for file in group.files:
                self._transformer.check_columns(file.name, lines.column_names, group.rules)
            yield from self._transformer.transform(lines, group.rules)

    def _tell(
        self,
        present: list[SourceFile],
        read: list[SourceFile],
        gone: list[str],
        pruned: list[str],
    ) -> None:
        same = len(present) - len(read)
        note = f"{self._feed.account_id}: {len(read)} files read, {same} unchanged"
        if pruned:
            note += f", the rows of {len(pruned)} that are gone taken away"
        elif gone:
            note += f", {len(gone)} gone whose rows stay (--prune takes them away)"
        self._context.note(note)
        for file in read:
            if not self._transformer.rules_for(file.name):
                self._context.note(f"{self._feed.account_id}: {file.name} feeds no entity")


class _Group:
    """Whole files with the same columns and rules."""

    def __init__(self, columns: tuple[str, ...], rules: tuple[EntityRule, ...]) -> None:
        self.columns = columns
        self.rules = rules
        self.files: list[SourceFile] = []
        self.tables: list[pa.Table] = []
        self.broken: list[dict[str, Any]] = []
        self.line_count = 0

    def add(self, file: SourceFile, batches: list[TextBatch]) -> None:
        """Takes a file's lines."""
        self.files.append(file)
        for batch in batches:
            self.tables.append(batch.table(file.name))
            self.line_count += len(batch.lines)
            self.broken += [
                {FILE_COLUMN: file.name, LINE_COLUMN: line, "entity": "", "reason": reason}
                for line, reason in batch.broken
            ]


def _grouped(
    read: Iterator[tuple[SourceFile, list[TextBatch]]],
    rules_for: Callable[[str], tuple[EntityRule, ...]],
) -> Iterator[_Group]:
    group: _Group | None = None
    for file, batches in read:
        columns = tuple(sorted({name for batch in batches for name in batch.columns}))
        rules = rules_for(file.name)
        if group and (
            (group.columns, group.rules) != (columns, rules) or group.line_count >= GROUP_LINES
        ):
            yield group
            group = None
        group = group or _Group(columns, rules)
        group.add(file, batches)
    if group:
        yield group


def _removals(file: str, tables: list[str]) -> Iterator[Removed]:
    for table in tables:
        yield Removed(table, ({FILE_COLUMN: file},))


def _differs(file: SourceFile, known: dict[str, Any], digest: str) -> bool:
    """Whether a file is new, has another content, or is read by other rules."""
    before = known.get(file.name)
    if before is None or before["rules"] != digest:
        return True
    if before["stamp"] == file.stamp:
        return False
    if before["sha256"] != file.digest():
        return True
    before["stamp"] = file.stamp
    return False


def _digest_of(mapping: FileMapping, entities: Entities) -> str:
    text = mapping.model_dump_json() + repr(sorted(entities.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def settle(
    account: Feed,
    settings: Settings,
    execute: Callable[[str], Any],
    qualified: Callable[[str], str],
) -> None:
    """Keeps one row a key over all files of a feed: that of the greatest precedence.

    Files come one by one, and each brings its own row of a key. This runs after every load, also
    after one that was killed in between; running it again changes nothing.

    Args:
        account: The feed.
        settings: What is not one source's own.
        execute: Runs one statement in the warehouse.
        qualified: A table's name with its schema.
    """
    mapping = load_mapping(account.mapping, read_entities(settings, "files"))
    for entity, key in mapping.keys.items():
        table, keys = qualified(entity), ", ".join(key)
        own = f"{ACCOUNT_COLUMN} = {literal(account.account_id)}"
        row = f"{keys}, {FILE_COLUMN}, {LINE_COLUMN}"
        order = f"{PRECEDENCE_COLUMN} desc, {FILE_COLUMN} desc, {LINE_COLUMN} desc"
        ranked = (
            f"select {row}, row_number() over (partition by {keys} order by {order}) as place"
            f" from {table} where {own}"
        )
        execute(
            f"delete from {table} where {own} and ({row}) in"
            f" (select {row} from ({ranked}) as ranked where place > 1)"
        )
