"""Anthropic's SDK for Python, unchanged, against a gateway."""

import asyncio

import anthropic
from run_checks import BASE_URL, CITY, KEY, SPENT_KEY, model, raised, run_checks, with_every_provider

client = anthropic.Anthropic(base_url=BASE_URL, api_key=KEY, max_retries=0)

HELLO = [{"role": "user", "content": "Hello"}]
TOOL = {"name": "get_weather", "description": "The weather in a city", "input_schema": CITY}


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def create(provider):
    message = client.messages.create(model=model(provider, "text"), max_tokens=512, messages=HELLO)
    assert "Water flows" in text_of(message)
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens > 0
    assert message._request_id


def create_asynchronously(provider):
    async def ask():
        async with anthropic.AsyncAnthropic(base_url=BASE_URL, api_key=KEY, max_retries=0) as asynchronous:
            return await asynchronous.messages.create(
                model=model(provider, "text"), max_tokens=512, messages=HELLO
            )

    assert "Water flows" in text_of(asyncio.run(ask()))


def stream(provider):
    with client.messages.stream(model=model(provider, "text"), max_tokens=512, messages=HELLO) as events:
        text = "".join(events.text_stream)
        message = events.get_final_message()
    assert "Water flows" in text
    assert text_of(message) == text


def tools(provider):
    for scenario in ["tools", "reasoning-tools"]:
        settings = {"model": model(provider, scenario), "max_tokens": 512, "tools": [TOOL]}
        first = client.messages.create(**settings, messages=HELLO)
        assert first.stop_reason == "tool_use"
        [call] = [block for block in first.content if block.type == "tool_use"]
        assert call.input["city"]
        result = {"type": "tool_result", "tool_use_id": call.id, "content": "21 degrees"}
        turns = [
            *HELLO,
            {"role": "assistant", "content": first.content},
            {"role": "user", "content": [result]},
        ]
        assert "21 degrees" in text_of(client.messages.create(**settings, messages=turns))


def count(provider):
    assert client.messages.count_tokens(model=model(provider, "text"), messages=HELLO).input_tokens > 0


def broken_stream(provider):
    for scenario in ["error-mid-stream", "cut"]:

        def read():
            settings = {"model": model(provider, scenario), "max_tokens": 512}
            with client.messages.stream(**settings, messages=HELLO) as events:
                events.get_final_message()

        raised(anthropic.APIError, read)


def models():
    assert "claude/sim-text" in [entry.id for entry in client.models.list(limit=1000)]


def wrong_key():
    stranger = anthropic.Anthropic(base_url=BASE_URL, api_key="psk_wrong", max_retries=0)
    raised(anthropic.AuthenticationError, lambda: stranger.models.list())


def quota():
    spender = anthropic.Anthropic(base_url=BASE_URL, api_key=SPENT_KEY)
    ask = lambda: spender.messages.create(model=model("lab", "text"), max_tokens=9, messages=HELLO)
    ask()
    error = raised(anthropic.APIStatusError, ask)
    assert error.status_code == 402, error
    assert error.body["error"]["type"] == "billing_error", error.body


run_checks(
    {
        **with_every_provider(
            {
                "creates": create,
                "creates asynchronously": create_asynchronously,
                "streams": stream,
                "uses tools": tools,
                "counts tokens": count,
                "raises when a stream fails": broken_stream,
            },
            "messages",
        ),
        "lists the models": models,
        "raises AuthenticationError for a wrong key": wrong_key,
        "raises a billing error when a quota is used up": quota,
    }
)
