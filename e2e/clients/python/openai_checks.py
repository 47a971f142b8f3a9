"""OpenAI's SDK for Python, unchanged, against a gateway. Prints one line of JSON per check: {"check", "error"}.

OPENAI_BASE_URL and OPENAI_API_KEY configure the SDK itself; the models' names and what makes
an answer endless or cut off come from the environment too.
"""

import asyncio
import json
import os

import openai

CHAT = os.environ["CHAT_MODEL"]
ENDLESS = json.loads(os.environ["ENDLESS"])
HELLO = [{"role": "user", "content": "Hello"}]
AT_LENGTH = [{"role": "user", "content": "Describe water at length"}]

client = openai.OpenAI(max_retries=0)


def check_chat():
    completion = client.chat.completions.create(model=CHAT, messages=HELLO)
    assert " " in completion.choices[0].message.content
    assert completion.usage.total_tokens > 0
    assert completion._request_id


def check_async_chat():
    async def ask():
        async with openai.AsyncOpenAI(max_retries=0) as asynchronous:
            return await asynchronous.chat.completions.create(model=CHAT, messages=HELLO)

    assert asyncio.run(ask()).usage.total_tokens > 0


def check_stream():
    stream = client.chat.completions.create(
        model=CHAT, messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert " " in "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-1].usage.completion_tokens > 0


def check_models():
    assert CHAT in [model.id for model in client.models.list()]
    assert client.models.retrieve(CHAT).id == CHAT


def check_embeddings():
    answer = client.embeddings.create(model=os.environ["EMBEDDINGS_MODEL"], input=["water", "turbine"])
    assert len(answer.data) == 2
    assert all(isinstance(number, float) for number in answer.data[0].embedding)


def check_wrong_key():
    stranger = openai.OpenAI(api_key="sk-wrong", max_retries=0)
    error = raised(openai.AuthenticationError, lambda: stranger.models.list())
    assert error.code == "invalid_api_key", error.code


def check_unknown_model():
    create = lambda: client.chat.completions.create(model="no-such-model", messages=HELLO)
    error = raised(openai.NotFoundError, create)
    assert error.code == "model_not_found", error.code


def check_bad_request():
    create = lambda: client.chat.completions.create(model=CHAT, messages=HELLO, temperature="warm")
    raised(openai.BadRequestError, create)


def check_rate_limit():
    limited = openai.OpenAI(api_key=os.environ["LIMITED_KEY"], max_retries=0)

    def send_until_refused():
        for _ in range(50):
            limited.chat.completions.create(model=CHAT, messages=HELLO, max_tokens=1)

    error = raised(openai.RateLimitError, send_until_refused)
    assert int(error.response.headers["retry-after"]) >= 1


def check_retry():
    limited = openai.OpenAI(api_key=os.environ["LIMITED_KEY"], max_retries=3)
    for _ in range(2):
        assert limited.chat.completions.create(model=CHAT, messages=HELLO, max_tokens=1).usage


def check_early_leave():
    body = {"model": CHAT, "messages": AT_LENGTH, "stream": True}
    with client.chat.completions.create(**body, extra_body=ENDLESS) as stream:
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                break


def check_cut():
    cut = json.loads(os.environ["CUT"])
    stream = client.chat.completions.create(model=CHAT, messages=HELLO, stream=True, extra_body=cut)
    raised(openai.APIError, lambda: list(stream))


def raised(kind, action):
    """The error of this kind that the action must raise."""
    try:
        action()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


CHECKS = {
    "completes a chat": check_chat,
    "completes a chat asynchronously": check_async_chat,
    "streams a chat with usage": check_stream,
    "lists the models": check_models,
    "raises AuthenticationError for a wrong key": check_wrong_key,
    "raises NotFoundError for an unknown model": check_unknown_model,
    "raises BadRequestError for a value that the upstream refuses": check_bad_request,
    "raises RateLimitError at a limit": check_rate_limit,
    "waits and tries again by itself at a limit": check_retry,
    "leaves a stream early": check_early_leave,
}
if "EMBEDDINGS_MODEL" in os.environ:
    CHECKS["embeds texts"] = check_embeddings
if "CUT" in os.environ:
    CHECKS["raises when the upstream breaks a stream off"] = check_cut

for name, check in CHECKS.items():
    try:
        check()
        error = None
    except Exception as failure:  # every failure is a result here
        error = f"{type(failure).__name__}: {failure}"
    print(json.dumps({"check": name, "error": error}), flush=True)
