"""What OpenAI refuses, in its words and shapes: the checks of a request's body."""

MODELS = {  # name: tokens of context, whether it is one of the newer models
    "gpt-4o-mini": (8192, False),
    "gpt-5-nano": (8192, True),
}
EMBEDDING_MODELS = {"text-embedding-3-small": 64, "e5-query": 64, "e5-passage": 64,
                    "text-embedding-3-large": 128}
ROLES = ("system", "assistant", "user", "function", "tool", "developer")
CHAT = {"model": str, "messages": list, "max_tokens": int, "max_completion_tokens": int,
        "temperature": float, "top_p": float, "presence_penalty": float,
        "frequency_penalty": float, "n": int, "seed": int, "stop": (str, list), "stream": bool,
        "stream_options": dict, "user": str, "response_format": dict}
EMBEDDINGS = {"model": str, "input": (str, list), "encoding_format": str, "dimensions": int,
              "user": str}
BOUNDS = {"max_tokens": (1, 100000), "max_completion_tokens": (1, 100000), "temperature": (0, 2),
          "top_p": (0, 1), "presence_penalty": (-2, 2), "frequency_penalty": (-2, 2), "n": (1, 1)}
NAMES = {str: "a string", list: "an array", int: "an integer", float: "a decimal", bool: "a boolean",
         dict: "an object", type(None): "null"}


class Refused(Exception):
    """An answer with a status that is not 200, and an error in OpenAI's shape."""

    def __init__(self, message, code=None, param=None, status=400,
                 kind="invalid_request_error", headers=()):
        super().__init__(message)
        self.status, self.headers = status, dict(headers)
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


def has_type(value, wanted):
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds) or (float in kinds and isinstance(value, int))


def check_types(body, known):
    for name, value in body.items():
        if name not in known:
            raise Refused(f"Unrecognized request argument supplied: {name}")
        if not has_type(value, known[name]):
            kinds = known[name] if isinstance(known[name], tuple) else (known[name],)
            raise Refused(f"Invalid type for '{name}': expected {NAMES[kinds[0]]}, but got "
                          f"{NAMES[type(value)]} instead.", "invalid_type", name)
        least, most = BOUNDS.get(name, (None, None))
        if least is not None and not least <= value <= most:
            side, sign = ("below_min", ">=") if value < least else ("above_max", "<=")
            raise Refused(f"Invalid '{name}': {side} value. Expected a value {sign} "
                          f"{least if value < least else most}, but got {value} instead.",
                          f"{'decimal' if known[name] is float else 'integer'}_{side}_value", name)


def require(body, *names):
    for name in names:
        if name not in body:
            raise Refused(f"Missing required parameter: '{name}'.", "missing_required_parameter",
                          name)


def check_messages(messages):
    if not messages:
        raise Refused("Invalid 'messages': empty array. Expected an array with minimum length 1, "
                      "but got an empty array instead.", "empty_array", "messages")
    for number, message in enumerate(messages):
        at = f"messages[{number}]"
        if not isinstance(message, dict):
            raise Refused(f"Invalid type for '{at}': expected an object, but got "
                          f"{NAMES[type(message)]} instead.", "invalid_type", at)
        if "role" not in message:
            raise Refused(f"Missing required parameter: '{at}.role'.",
                          "missing_required_parameter", f"{at}.role")
        if message["role"] not in ROLES:
            raise Refused(f"Invalid value: '{message['role']}'. Supported values are: "
                          + ", ".join(f"'{role}'" for role in ROLES) + ".", "invalid_value",
                          f"{at}.role")
        if not isinstance(message.get("content"), str):
            raise Refused(f"Invalid value for 'content': expected a string, got "
                          f"{NAMES[type(message.get('content'))]}.", None, f"{at}.content")
        for name in message:
            if name not in ("role", "content", "name"):
                raise Refused(f"Unknown parameter: '{at}.{name}'.", "unknown_parameter",
                              f"{at}.{name}")


def tokens_of(text):
    """Fewer than OpenAI would count for Chinese and emoji, and never more than the bytes."""
    return max(1, (len(text.encode()) + 3) // 4)


def prompt_tokens(body):
    return 3 + sum(3 + tokens_of(message["content"]) for message in body["messages"])


def check_chat(body, models):
    """Refuses what OpenAI refuses; returns nothing."""
    check_types(body, CHAT)
    require(body, "model", "messages")
    check_messages(body["messages"])
    if body["model"] not in models:
        raise unknown_model(body["model"])
    context, is_new = models[body["model"]]
    if is_new and "max_tokens" in body:
        raise Refused("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                      "'max_completion_tokens' instead.", "unsupported_parameter", "max_tokens")
    if is_new and body.get("temperature", 1) != 1:
        raise Refused(f"Unsupported value: 'temperature' does not support {body['temperature']} "
                      "with this model. Only the default (1) value is supported.",
                      "unsupported_value", "temperature")
    if "max_tokens" in body and "max_completion_tokens" in body:
        raise Refused("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not "
                      "supported.", "invalid_parameter_combination")
    if "stream_options" in body and not body.get("stream"):
        raise Refused("The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                      None, "stream_options")
    if set(body.get("stream_options", ())) - {"include_usage"}:
        raise Refused("Unknown parameter: 'stream_options'.", "unknown_parameter",
                      "stream_options")
    tokens = prompt_tokens(body)
    if tokens > context:
        raise Refused(f"This model's maximum context length is {context} tokens. However, your "
                      f"messages resulted in {tokens} tokens. Please reduce the length of the "
                      "messages.", "context_length_exceeded", "messages")


def unknown_model(name):
    return Refused(f"The model `{name}` does not exist or you do not have access to it.",
                   "model_not_found", None, 404)


def check_embeddings(body, models):
    check_types(body, EMBEDDINGS)
    require(body, "model", "input")
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    if not texts or len(texts) > 2048 or not all(isinstance(text, str) and text for text in texts):
        raise Refused("'$.input' is invalid. Please check the API reference: "
                      "https://platform.openai.com/docs/api-reference.", None, None)
    if body["model"] not in models:
        raise unknown_model(body["model"])
    if body.get("encoding_format", "float") not in ("float", "base64"):
        raise Refused(f"Invalid value: '{body['encoding_format']}'. Supported values are: 'float' "
                      "and 'base64'.", "invalid_value", "encoding_format")
    if max(map(tokens_of, texts)) > 8192:
        raise Refused("This model's maximum context length is 8192 tokens, however you requested "
                      "more. Please reduce your prompt.", "context_length_exceeded", "input")
    return texts
