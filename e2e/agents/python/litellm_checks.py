"""LiteLLM as a client, unchanged, against a gateway: its openai and anthropic providers, and its Responses."""

import json
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else its import fetches a price list from the internet

import litellm
from run_checks import BASE_URL, CITY, KEY, SPENT_KEY, model, raised, run_checks, with_every_provider

litellm.suppress_debug_info = True

HELLO = [{"role": "user", "content": "Hello"}]
TOOL = {
    "type": "function",
    "function": {"name": "get_weather", "description": "The weather in a city", "parameters": CITY},
}


def checks_of(surface, prefix, api_base):
    def ask(provider, scenario, messages=HELLO, **settings):
        return litellm.completion(
            model=f"{prefix}/{model(provider, scenario)}",
            api_base=api_base,
            api_key=KEY,
            messages=messages,
            num_retries=0,
            **settings,
        )

    def completes(provider):
        answer = ask(provider, "text")
        assert "Water flows" in answer.choices[0].message.content
        assert answer.usage.completion_tokens > 0

    def streams(provider):
        chunks = list(ask(provider, "text", stream=True))
        assert "Water flows" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks)

    def uses_tools(provider):
        message = ask(provider, "tools", tools=[TOOL]).choices[0].message
        [call] = message.tool_calls
        assert json.loads(call.function.arguments)["city"]
        result = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
        call_turn = message.model_dump(exclude_none=True)
        call_turn.pop("provider_specific_fields", None)  # of LiteLLM's own; OpenAI's API refuses it
        second = ask(provider, "tools", messages=[*HELLO, call_turn, result], tools=[TOOL])
        assert "21 degrees" in second.choices[0].message.content

    def broken_stream(provider):
        raised(Exception, lambda: list(ask(provider, "cut", stream=True)))

    return with_every_provider(
        {
            "completes": completes,
            "streams": streams,
            "uses tools": uses_tools,
            "raises when a stream fails": broken_stream,
        },
        surface,
    )


def responses(provider):
    answer = litellm.responses(
        model=f"openai/{model(provider, 'text')}", api_base=f"{BASE_URL}/v1", api_key=KEY, input="Hello", store=False
    )
    assert "Water flows" in answer.output[-1].content[0].text


def embeddings():
    answer = litellm.embedding(
        model=f"openai/{model('lab', 'text')}", api_base=f"{BASE_URL}/v1", api_key=KEY, input=["water", "turbine"]
    )
    assert len(answer.data) == 2


def wrong_key():
    ask = lambda: litellm.completion(
        model=f"openai/{model('lab', 'text')}", api_base=f"{BASE_URL}/v1", api_key="psk_wrong", messages=HELLO
    )
    raised(litellm.AuthenticationError, ask)


def quota():
    ask = lambda: litellm.completion(
        model=f"openai/{model('lab', 'text')}", api_base=f"{BASE_URL}/v1", api_key=SPENT_KEY, messages=HELLO
    )
    ask()
    raised(litellm.RateLimitError, ask)


run_checks(
    {
        **checks_of("chat", "openai", f"{BASE_URL}/v1"),
        **checks_of("messages", "anthropic", BASE_URL),
        **with_every_provider({"creates": responses}, "responses"),
        "embeds texts": embeddings,
        "raises AuthenticationError for a wrong key": wrong_key,
        "raises RateLimitError when a quota is used up": quota,
    }
)
