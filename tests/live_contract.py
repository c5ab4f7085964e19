"""The live contract, as `aeon-ws --asyncapi` prints it: its messages, and whether one is as it says."""

import functools
import json
import subprocess

import fastjsonschema
from realm import BUILD


@functools.cache
def document():
    return json.loads(subprocess.check_output([BUILD / "aeon-ws", "--asyncapi"]))


def events():
    """The messages that are rows of the event log, by their types."""
    return {message["name"]: message for message in document()["components"]["messages"].values()
            if "x-audience" in message}


def closed(schema):
    """The same schema, of objects that have no other properties than those it names."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: closed(part) for key, part in schema.items()}
    return strict | ({"additionalProperties": False} if "properties" in schema else {})


@functools.cache
def validator(kind):
    components = document()["components"]
    payload = components["messages"][f"server.{kind}"]["payload"]
    return fastjsonschema.compile(
        closed(payload) | {"components": {"schemas": closed(components["schemas"])}},
        formats={"date-time": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"})


def check(message):
    """Fails unless the message of a server is as the contract says."""
    try:
        validator(message["type"])(message)
    except fastjsonschema.JsonSchemaException as difference:
        raise AssertionError(f"{difference} in {message}") from None
