"""A question to a site: which measure, of what, against what. And what is ready to answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from excavate.errors import ExcavateError
from excavate.gaps.finding import Outcome
from excavate.progress import Progress


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks. `reference` and `encoder` as typed; `parameters` only what was given.

    `reference`: a dataset's name, NAME/SPLIT, `taxonomy:NAME`, `uniform`, `floor:N`, a file.
    """

    measure: str
    dataset: str
    reference: str | None = None
    encoder: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with everything it rests on resolved, before anything is computed.

    `provenance` names the finding for good (its hash is the finding's id): every parameter with
    its value, and by `inputs` whatever else decides the rows (vectors' ids, revisions, sha256 of
    files). `answer` computes; it may raise ExcavateError. `seconds`: about how long that takes,
    None where it is a moment.
    """

    question: Question
    parameters: Mapping[str, Any]
    inputs: Mapping[str, Any]
    answer: Callable[[Progress], Outcome]
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One that a person may set: its default, its type, what it means (marked with N_)."""

    default: Any
    kind: type  # int, float, str or bool; a list of str is written a,b,c
    means: str
    several: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()


def settled(known: Mapping[str, Parameter], question: Question) -> dict[str, Any]:
    """Every known parameter with the value given, or its default.

    Values may come as text (from the command line) or typed. Raises ExcavateError naming every
    one that is unknown or cannot be read.
    """
    faults = [f"unknown: {name}" for name in question.parameters if name not in known]
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        try:
            values[name] = _read(parameter, question.parameters.get(name))
        except ValueError as error:
            faults.append(f"{name}: {error}")
    if faults:
        todo = f"Parameters of {question.measure}: {', '.join(known) or 'none'}"
        raise ExcavateError("; ".join(faults), question.measure, todo)
    return values


def _read(parameter: Parameter, given: Any) -> Any:
    if given is None:
        return parameter.default
    if parameter.several:
        parts = given.split(",") if isinstance(given, str) else list(given)
        return [_one(parameter, part) for part in parts]
    return _one(parameter, given)


def _one(parameter: Parameter, given: Any) -> Any:
    if parameter.kind is bool:
        return _truth(given)
    if isinstance(given, bool) or (parameter.kind is int and _is_broken(given)):
        raise ValueError(f"{given!r} is no {parameter.kind.__name__}")
    try:
        value = parameter.kind(given.strip() if isinstance(given, str) else given)
    except (TypeError, ValueError):
        raise ValueError(f"{given!r} is no {parameter.kind.__name__}") from None
    if parameter.choices and value not in parameter.choices:
        raise ValueError(f"{given!r} is none of {', '.join(parameter.choices)}")
    _check_range(parameter, value)
    return value


def _is_broken(given: Any) -> bool:
    """A number that is no whole one: it is not cut to fit."""
    return isinstance(given, float) and not given.is_integer()


def _check_range(parameter: Parameter, value: Any) -> None:
    if parameter.kind not in (int, float):
        return
    if not -1e300 < value < 1e300:
        raise ValueError(f"{value} is no number to work with")
    if parameter.least is not None and value < parameter.least:
        raise ValueError(f"{value} is below {parameter.least:g}")
    if parameter.most is not None and value > parameter.most:
        raise ValueError(f"{value} is above {parameter.most:g}")


def _truth(given: Any) -> bool:
    said = str(given).strip().lower()
    if said not in ("true", "false", "yes", "no", "1", "0"):
        raise ValueError(f"{given!r} is neither yes nor no")
    return said in ("true", "yes", "1")
