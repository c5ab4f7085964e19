"""aeonctl doctor: what it says about the models of the configuration."""

import shutil
import subprocess

import pytest

from conftest import answer
from doubles.openai.double import OpenAI


def model_findings(ctl, **variables):
    """What the doctor says about models: (good, finding) by part."""
    rows = answer(ctl("doctor", "--json", code=69, **variables))
    return {row["part"]: (row["good"], row["finding"]) for row in rows if "model" in row["part"]}


def test_doctor_asks_each_model_once_and_says_in_words_what_is_wrong(realm, folder):
    secret = folder / "key"
    secret.write_text("sk-of-the-test\n")
    assert model_findings(realm) == {"models": (True, "none is configured")}
    with OpenAI("sk-of-the-test") as service:
        host = f"127.0.0.1:{service.port}"
        base = {"OPENAI_BASE_URL": service.url, "OPENAI_API_KEY": f"@{secret}"}

        def llm(**variables):
            variables = {"OPENAI_MODEL": "gpt-4o-mini"} | variables
            return model_findings(realm, **base | variables)["language model"]

        def embedder(passage, query):
            return model_findings(realm, **base, OPENAI_EMBEDDING_MODEL=passage,
                                  OPENAI_EMBEDDING_QUERY_MODEL=query)["embedding model"]
        good, finding = llm()
        assert good and finding.startswith(f"{host}: gpt-4o-mini answers in ")
        assert llm(OPENAI_MODEL="gpt-17") == (
            False, f"{host}, model gpt-17: It does not know the model (HTTP status 404): The model "
            "`gpt-17` does not exist or you do not have access to it.")
        good, finding = llm(AEON_OPENAI_API_KEY="sk-wrong-one")
        assert not good and "does not accept the key" in finding and "sk-wrong-one" not in finding
        assert llm(AEON_OPENAI_BASE_URL="http://127.0.0.1:1/v1") == (
            False, "127.0.0.1:1, model gpt-4o-mini: Cannot connect to 127.0.0.1:1: Connection refused")
        assert f"No secure connection to {host}: " in llm(
            AEON_OPENAI_BASE_URL=service.url.replace("http:", "https:"))[1]
        assert "without encryption" in llm(AEON_OPENAI_BASE_URL="http://192.0.2.1/v1")[1]
        assert llm(OPENAI_MODEL="persona-nothing", AEON_MODEL_FIRST_BYTE_SECONDS="1") == (
            False, f"{host}, model persona-nothing: No answer began in time")
        good, finding = embedder("e5-passage", "e5-query")
        assert good and finding.endswith(" ms, 64 dimensions")
        good, finding = embedder("text-embedding-3-small", "text-embedding-3-large")
        assert not good and "different dimensions, 64 and 128" in finding
        assert embedder("gpt-4o-mini", "")[1].startswith(f"{host}, model gpt-4o-mini: It does not know")


def test_a_key_goes_to_no_other_host_than_its_own(realm):
    with OpenAI("sk-language") as language, OpenAI("sk-other") as other:
        findings = model_findings(
            realm, OPENAI_API_KEY="sk-language", OPENAI_BASE_URL=language.url,
            OPENAI_EMBEDDING_BASE_URL=other.url, OPENAI_EMBEDDING_MODEL="e5-passage")
        assert "didn't provide an API key" in findings["embedding model"][1]
        assert len(other.bodies) == 1 and not language.bodies


def test_doctor_names_a_setting_of_models_that_is_wrong(realm):
    assert model_findings(realm, OPENAI_MODEL="x") == {
        "models": (False, "openai_model needs openai_base_url or openai_api_key")}
    assert "https://" in model_findings(realm, OPENAI_MODEL="x", OPENAI_BASE_URL="nowhere")["models"][1]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_doctor_names_a_certificate_that_is_not_trusted(realm, folder):
    files = [folder / "certificate.pem", folder / "key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1",
                    "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    with OpenAI("sk-x", certificate=files) as service:
        good, finding = model_findings(realm, OPENAI_MODEL="x", OPENAI_API_KEY="sk-x",
                                       OPENAI_BASE_URL=service.url)["language model"]
    assert not good and "certificate" in finding and not service.bodies
