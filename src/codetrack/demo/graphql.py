"""As much of GraphQL as a pretend platform needs: one operation, its roots and their fields."""

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

TOKEN = re.compile(r'"[^"]*"|\$?\w+|[{}()!:]')

type Resolver = Callable[..., object]


class CannotQuery(Exception):
    """The query is none, or asks for what is not there."""


class Refused(Exception):
    """A root that cannot be answered, with the reason as the platform words it."""


class Field(NamedTuple):
    """What is asked for, and what of it: everything when there are no `fields`."""

    name: str
    alias: str
    arguments: dict[str, object]
    fields: list["Field"]


def answer(
    query: str, variables: Mapping[str, object], roots: Mapping[str, Resolver]
) -> dict[str, object]:
    """The envelope for a query; a root that is refused is null beside the others.

    Raises CannotQuery.
    """
    data: dict[str, object] = {}
    errors: list[object] = []
    for root in parse(query, variables):
        if root.name not in roots:
            raise CannotQuery(f"Cannot query field '{root.name}' on type 'Query'.")
        try:
            data[root.alias] = _select(roots[root.name](**root.arguments), root.fields)
        except Refused as refused:
            data[root.alias] = None
            error = {"message": str(refused), "path": [root.alias]}
            errors.append(error | {"extensions": {"handled": True}})
    return {"errors": errors, "data": data} if errors else {"data": data}


def parse(query: str, variables: Mapping[str, object]) -> list[Field]:
    """The roots of the one operation in a query."""
    _, _, body = query.partition("{")
    try:
        return _fields(deque(TOKEN.findall(body)), variables)
    except IndexError:
        raise CannotQuery("Syntax Error: the document ends too early.") from None


def _select(value: Any, fields: list[Field]) -> object:
    """The fields of an object, or of each in a list. What is a function is called for its value."""
    if isinstance(value, list):
        return [_select(one, fields) for one in value]
    if value is None or not fields:
        return value
    unknown = [field.name for field in fields if field.name not in value]
    if unknown:
        raise CannotQuery(f"Cannot query field '{unknown[0]}'.")
    return {field.alias: _select(_called(value[field.name]), field.fields) for field in fields}


def _called(value: object) -> object:
    return value() if callable(value) else value


def _fields(tokens: deque[str], variables: Mapping[str, object]) -> list[Field]:
    """After a `{`, up to its `}`."""
    found: list[Field] = []
    while (name := tokens.popleft()) != "}":
        alias = name
        if tokens[0] == ":":
            tokens.popleft()
            name = tokens.popleft()
        arguments = _arguments(tokens, variables) if tokens[0] == "(" else {}
        fields: list[Field] = []
        if tokens[0] == "{":
            tokens.popleft()
            fields = _fields(tokens, variables)
        found.append(Field(name, alias, arguments, fields))
    return found


def _arguments(tokens: deque[str], variables: Mapping[str, object]) -> dict[str, object]:
    """From a `(` up to its `)`; an object as a value is an empty one."""
    tokens.popleft()
    found: dict[str, object] = {}
    while (name := tokens.popleft()) != ")":
        tokens.popleft()  # the colon
        value = tokens.popleft()
        if value == "{":
            tokens.popleft()
            found[name] = {}
        elif value.startswith("$"):
            found[name] = variables.get(value[1:])
        else:
            found[name] = int(value) if value.isdigit() else value.strip('"')
    return found
