"""A YAML file of settings as a flat list of entries, each with the line it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actors.config.problems import Problem

_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as it stands somewhere."""

    key: str
    value: object
    place: str


def read_yaml(path: Path) -> tuple[list[Entry], list[Problem]]:
    """The entries of a file, and all that is wrong with its form."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return [], [Problem("is too large for a settings file", place=str(path))]
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return [], [Problem("is not text in UTF-8", place=str(path))]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return [], [Problem(f"cannot be read: {reason}", place=str(path))]
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> tuple[list[Entry], list[Problem]]:
    """As :func:`read_yaml`, of text."""
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return [], []
        walk = _Walk(loader, name)
        return list(walk.entries(root)), walk.problems
    except yaml.MarkedYAMLError as error:
        return [], [Problem(f"is not valid YAML: {_reason(error)}", place=_at(name, error))]
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        place = f"{name}, line {line}, column {column}"
        return [], [Problem("holds a character that YAML does not allow", place=place)]
    except RecursionError:
        return [], [Problem("is nested too deeply", place=name)]
    finally:
        if loader is not None:
            loader.dispose()


class _Loader(yaml.SafeLoader):
    """Without anchors: a few of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            problem = "references (*name) are not used here"
            raise yaml.composer.ComposerError(None, None, problem, mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


class _Walk:
    def __init__(self, loader: _Loader, name: str) -> None:
        self._loader = loader
        self._name = name
        self.problems: list[Problem] = []

    def entries(self, root: yaml.Node) -> Iterator[Entry]:
        """Two levels: sections, and the settings in them. Deeper ones belong to the value."""
        for section, _, node in self._pairs(root, "the file", ""):
            for key, place, value in self._pairs(node, f"section {section}", f"{section}."):
                try:
                    yield Entry(key, self._construct(value), place)
                except (yaml.MarkedYAMLError, ValueError, OverflowError) as error:
                    reason = _reason(error) if isinstance(error, yaml.MarkedYAMLError) else error
                    self.problems.append(Problem(f"cannot be read: {reason}", key, place))

    def _pairs(
        self, node: yaml.Node, what: str, prefix: str
    ) -> Iterator[tuple[str, str, yaml.Node]]:
        if isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null"):
            return  # a section with all its lines commented out
        if not isinstance(node, yaml.MappingNode):
            problem = f"{what} must hold lines of the form name: value"
            self.problems.append(Problem(problem, place=self._line(node)))
            return
        seen: dict[str, str] = {}
        for key_node, value_node in node.value:
            key, place = f"{prefix}{key_node.value}", self._line(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem("a name must be plain text", place=place))
            elif key in seen:
                first = seen[key].rpartition(", ")[2]
                self.problems.append(Problem(f"stands here twice, first in {first}", key, place))
            else:
                seen[key] = place
                yield key, place, value_node

    def _construct(self, node: yaml.Node) -> object:
        self._no_repetition(node)
        value: object = self._loader.construct_object(node, deep=True)
        return value

    def _no_repetition(self, node: yaml.Node) -> None:
        children: list[yaml.Node] = []
        if isinstance(node, yaml.SequenceNode):
            children = node.value
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{', '.join(twice)} stands there twice")
            children = [value for _, value in node.value]
        for child in children:
            self._no_repetition(child)

    def _line(self, node: yaml.Node) -> str:
        return f"{self._name}, line {node.start_mark.line + 1}"


def _at(name: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    return name if mark is None else f"{name}, line {mark.line + 1}, column {mark.column + 1}"


def _reason(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part)
