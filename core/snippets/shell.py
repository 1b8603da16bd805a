"""Snippets for the command line: Kafka's and Confluent's console tools, and kcat."""

from __future__ import annotations

import json
import shlex

from core.snippets.snippet import Language, Role, Snippet
from core.snippets.subject import AVRO, JSON_SCHEMA, About

_CONSOLE = {AVRO: "kafka-avro-console", JSON_SCHEMA: "kafka-json-schema-console"}
_ID = """python3 -c 'import json,sys; print(json.load(sys.stdin)["id"])'"""


def shell_snippets(about: About) -> list[Snippet]:
    made = [_consumer(about), _kcat(about)]
    return [_producer(about), *made] if about.writable else made


def _producer(about: About) -> Snippet:
    options = ["--bootstrap-server", about.endpoint.bootstrap_servers, "--topic", about.topic]
    options += ["--producer-property", "acks=all"]
    if about.registry and about.format in _CONSOLE:
        # The serializer is told the id, so that nothing new is registered.
        options += ["--property", f"schema.registry.url={about.registry}"]
        options += ["--property", "value.schema.id=SCHEMA_ID"]
    options += _security(about, "--producer-property")
    command = [f"{_console(about)}-producer", *options]
    code = f"echo {shlex.quote(_line(about))} |\n  {_joined(command)}\n"
    if "SCHEMA_ID" in code:
        latest = f"{about.registry}/subjects/{about.view.subject}/versions/latest"
        ask = f"id=$(curl -s {shlex.quote(latest)} | {_ID})"
        code = f"{ask}\n{code.replace('value.schema.id=SCHEMA_ID', 'value.schema.id=$id')}"
    return _snippet(about, Role.PRODUCER, "produce.sh", f"{_console(about)}-producer", code)


def _consumer(about: About) -> Snippet:
    options = ["--bootstrap-server", about.endpoint.bootstrap_servers, "--topic", about.topic]
    options += ["--from-beginning", "--property", "print.key=true"]
    if about.registry and about.format in _CONSOLE:
        options += ["--property", f"schema.registry.url={about.registry}"]
    options += _security(about, "--consumer-property")
    program = f"{_console(about)}-consumer"
    code = f"{_joined([program, *options])}\n"
    return _snippet(about, Role.CONSUMER, "consume.sh", program, code)


def _kcat(about: About) -> Snippet:
    options = ["-C", "-b", about.endpoint.bootstrap_servers, "-t", about.topic]
    options += ["-o", "beginning", "-f", r"%k %s\n"]
    if about.registry and about.format == AVRO:
        options += ["-s", "value=avro", "-r", about.registry]
    for name, value in about.endpoint.settings.items():
        options += ["-X", f"{name}={value}"]
    return _snippet(about, Role.CONSUMER, "kcat.sh", "kcat", f"{_joined(['kcat', *options])}\n")


def _console(about: About) -> str:
    registered = about.registry is not None
    return _CONSOLE.get(about.format, "kafka-console") if registered else "kafka-console"


def _security(about: About, option: str) -> list[str]:
    settings = about.endpoint.settings.items()
    return [part for name, value in settings for part in (option, f"{name}={value}")]


def _line(about: About) -> str:
    if about.format == AVRO:
        return json.dumps(json.loads(about.avro_json), ensure_ascii=False)
    return json.dumps(about.record, ensure_ascii=False)


def _joined(command: list[str]) -> str:
    """An option and its value on a line each."""
    program, options = command[0], command[1:]
    lines = [program]
    for part in options:
        if part.startswith("-"):
            lines.append(f"  {part}")
        else:
            lines[-1] += f" {_quoted(part)}"
    return " \\\n  ".join(lines)


def _quoted(part: str) -> str:
    return f'"{part}"' if part.endswith("=SCHEMA_ID") else shlex.quote(part)


def _snippet(about: About, role: Role, filename: str, program: str, code: str) -> Snippet:
    verb = "Produce to" if role is Role.PRODUCER else "Consume"
    origin = {
        "kcat": "kcat",
        f"kafka-console-{role.value}": f"kafka-console-{role.value}, of Apache Kafka",
    }
    return Snippet(
        topic=about.topic,
        language=Language.SHELL,
        role=role,
        title=f"{verb} {about.topic} with {program}",
        filename=filename,
        requires=origin.get(program, f"{program}, of Confluent's schema registry tools"),
        code=code,
    )
