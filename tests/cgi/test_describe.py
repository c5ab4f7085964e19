"""How the service describes itself: health, OpenAPI, pages."""

import datetime
import json
import re

import live_contract
import pytest
from realm import BUILD, Realm

DOCUMENTS = ("/openapi.json", "/asyncapi.json")


@pytest.fixture(scope="module")
def openapi(realm):
    return realm.cgi("GET", "/openapi.json").json


# --- health --------------------------------------------------------------------------------------

def test_health_names_the_service(realm):
    assert realm.cgi("GET", "/health").json["service"] == "aeon"


# --- OpenAPI -------------------------------------------------------------------------------------

def test_openapi_has_every_promised_route(openapi):
    api, phase3 = "/api/v1", "/api/v1/phase3"
    promised = {
        "/": "get", "/docs": "get", "/.well-known/security.txt": "get", "/health": "get", "/metrics": "get", "/openapi.json": "get",
        api + "/health/detailed": "get", phase3 + "/health/phase3": "get",
        api + "/users/register": "post", api + "/users/login": "post",
        api + "/users/logout": "post", api + "/users/me": "get patch put",
        phase3 + "/rooms": "get post", phase3 + "/rooms/{room_id}": "get",
        phase3 + "/rooms/{room_id}/join": "post", phase3 + "/rooms/{room_id}/leave": "post",
        phase3 + "/rooms/{room_id}/messages": "get post",
        phase3 + "/rooms/{room_id}/messages/{message_id}": "get patch delete",
        phase3 + "/rooms/{room_id}/messages/{message_id}/reactions/{key}": "put delete",
        phase3 + "/rooms/{room_id}/read": "put",
        phase3 + "/relationships": "get post", phase3 + "/social/network": "get",
        phase3 + "/social/similar-users": "get", phase3 + "/social/active-users": "get",
        phase3 + "/knowledge": "get post", phase3 + "/knowledge/{id}": "get",
        phase3 + "/knowledge/{id}/upvote": "post", phase3 + "/knowledge/{id}/downvote": "post",
        phase3 + "/aeon/interactions": "get post", phase3 + "/events": "get",
        phase3 + "/aeon/interactions/{id}/respond": "post",
    }
    there = {path: set(methods) for path, methods in openapi["paths"].items()}
    for path, methods in promised.items():
        assert set(methods.split()) <= there.get(path, set()), path


def test_openapi_has_no_dangling_reference(openapi):
    """Every reference has a target, every name is unique, every path parameter is described."""
    text = json.dumps(openapi)
    for name in set(re.findall(r'"#/components/schemas/(\w+)"', text)):
        assert name in openapi["components"]["schemas"], name
    names = []
    for path, operations in openapi["paths"].items():
        for operation in operations.values():
            names.append(operation["operationId"])
            described = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path))
            statuses = set(operation["responses"])
            assert not operation["security"] or {"401", "503"} <= statuses
            assert "requestBody" not in operation or {"413", "415", "422"} <= statuses
    assert len(names) == len(set(names))


def test_openapi_validates(openapi):
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(openapi)


def test_answers_match_their_openapi_schema(realm, ada, openapi):
    types = {"integer": int, "number": (int, float), "boolean": bool, "string": str,
             "object": dict, "array": list, "null": type(None)}

    def check(value, schema, where):
        if "$ref" in schema:
            schema = openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "type" not in schema:  # any JSON
            return
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(isinstance(value, types[kind]) for kind in kinds), (where, value)
        if isinstance(value, dict) and "properties" in schema:
            assert set(schema["required"]) <= set(value) <= set(schema["properties"]), where
            for name, part in value.items():
                check(part, schema["properties"][name], f"{where}.{name}")
        if isinstance(value, list):
            for part in value:
                check(part, schema["items"], where + "[]")

    ada("POST", "/relationships", {"related_user_id": 2, "relationship_type": "friend"})
    ada("POST", "/knowledge", {"content": "x", "knowledge_type": "x", "tags": ["t"]})
    realm.room("ada")
    for path, operations in openapi["paths"].items():
        if "get" not in operations or "{" in path or not path.startswith(("/api", "/health")):
            continue
        needed = [f"{p['name']}={p['schema'].get('minimum', 'x')}"
                  for p in operations["get"]["parameters"] if p["in"] == "query" and p["required"]]
        answer = ada("GET", path + "?" * bool(needed) + "&".join(needed))
        content = operations["get"]["responses"][str(answer.status)]["content"]
        check(answer.json, content["application/json"]["schema"], path)


def test_an_unchanged_openapi_document_is_not_sent_again(realm):
    answer = realm.cgi("GET", "/openapi.json")
    tag = answer.headers["etag"]
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = realm.cgi("GET", "/openapi.json", headers={"HTTP_IF_NONE_MATCH": known})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    for other in ('"x"', "x", '""'):
        again = realm.cgi("GET", "/openapi.json", headers={"HTTP_IF_NONE_MATCH": other})
        assert again.status == 200 and again.body == answer.body


def test_every_answer_names_its_headers_and_its_schema(openapi):
    for path, operations in openapi["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                where = f"{operation['operationId']} {status}"
                assert "X-Request-Id" in answer["headers"], where
                assert ("Retry-After" in answer["headers"]) == (status in ("429", "503")), where
                for content in answer.get("content", {}).values():
                    assert content["schema"] != {"type": "object"} or path in DOCUMENTS, where
                    is_error = content["schema"].get("$ref", "").endswith("/Error")
                    assert ("example" in content) == is_error, where


def test_every_example_of_openapi_is_accepted(openapi):
    """In a separate realm, because the examples run in the order of the document."""
    with Realm(smtp_url="smtp://127.0.0.1:1") as realm:
        for name in ("ada", "ben", "cleo"):
            realm.user(name)
        room = realm.room("ada")
        realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/join", token=realm.tokens["ben"])
        for who, body in (("ada", {"content": "mine", "knowledge_type": "x"}),
                          ("ben", {"content": "theirs", "knowledge_type": "x"})):
            realm.cgi("POST", "/api/v1/phase3/knowledge", body, token=realm.tokens[who])
        message_id = realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/messages", {"content": "x"},
                               token=realm.tokens["ada"]).json["message_id"]
        for _ in range(2):
            realm.cgi("POST", "/api/v1/phase3/aeon/interactions", {
                "target_aeon_user_id": 1, "interaction_type": "x", "content": "x"},
                token=realm.tokens["ben"])
        realm.cgi("PUT", "/api/v1/aeon/twin", {"autopilot": "draft"}, token=realm.tokens["ada"])
        realm.rows.change("INSERT INTO twin_turns (id, twin_id, cause_kind, cause_id, root_kind, "
                          "root_id, step, asker_id, state, due_at, content, created_at) VALUES "
                          "(5, 1, 'interaction', 2, 'interaction', 2, 1, 2, 'draft', 1, 'x', 1)")
        realm.cgi("POST", "/api/v1/reports", {"kind": "user", "id": "3", "reason": "x"},
                  token=realm.tokens["ben"])
        params = {"room_id": room, "message_id": message_id, "id": 1, "user_id": 2}
        others = {"suspend_user": {"id": 3},  # nobody suspends an owner
                  "approve_draft": {"id": 5}}
        taken = 0
        for path, operations in openapi["paths"].items():
            for method, operation in operations.items():
                for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                    if kind != "application/json" or operation["operationId"] in (
                            "claim_realm", "erase_me", "join_by_invite", "confirm_totp", "end_totp",  # ada is the only owner
                            "reset_password", "verify_address"):  # their codes are in mails
                        continue
                    answer = realm.cgi(method.upper(), path.format(
                        **params | others.get(operation["operationId"], {})), content["example"],
                                       token=realm.tokens["ada"])
                    assert str(answer.status) in operation["responses"], (path, answer)
                    assert answer.status < 300, (path, answer)
                    taken += 1
        assert taken >= 12


# --- pages ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_without_the_web_client_has_no_style_and_links_to_what_exists(realm, path):
    answer = realm.cgi("GET", path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.body.decode()
    assert not re.search(r"<style|<script|style=", page)  # the policy of nginx allows none of them
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) >= 2
    for link in links:
        assert realm.cgi("GET", link).status == 200, link


def test_the_live_contract_is_served(realm):
    assert realm.cgi("GET", "/asyncapi.json").json == live_contract.document()


# --- security.txt --------------------------------------------------------------------------------

def test_security_txt_names_the_contact_of_the_operator_until_a_date(realm):
    path = "/.well-known/security.txt"
    assert realm.cgi("GET", path).status == 404
    answer = realm.cgi("GET", path,
                       headers={"AEON_SECURITY_CONTACT": "mailto:security@example.org"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.body.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    expires = datetime.datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00"))
    left = expires - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(days=80) < left < datetime.timedelta(days=365)
