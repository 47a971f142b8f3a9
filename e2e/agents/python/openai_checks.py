"""OpenAI's SDK for Python, unchanged, against a gateway: Responses, and tools in both of its dialects."""

import json

import openai
from run_checks import BASE_URL, CITY, KEY, SPENT_KEY, model, raised, run_checks, with_every_provider

client = openai.OpenAI(base_url=f"{BASE_URL}/v1", api_key=KEY, max_retries=0)

RESPONSES_TOOL = {"type": "function", "name": "get_weather", "parameters": CITY, "strict": True}
CHAT_TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": CITY}}


def responses_create(provider):
    response = client.responses.create(model=model(provider, "text"), input="Hello", store=False)
    assert "Water flows" in response.output_text
    assert response.status == "completed"
    assert response.usage.output_tokens > 0


def responses_stream(provider):
    with client.responses.stream(model=model(provider, "text"), input="Hello", store=False) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        response = stream.get_final_response()
    assert "Water flows" in text
    assert response.output_text == text


def responses_tools(provider):
    for scenario in ["tools", "reasoning-tools"]:
        settings = {
            "model": model(provider, scenario),
            "tools": [RESPONSES_TOOL],
            "store": False,
            "include": ["reasoning.encrypted_content"],
        }
        question = {"role": "user", "content": "Is it warm?"}
        first = client.responses.create(**settings, input=[question])
        [call] = [item for item in first.output if item.type == "function_call"]
        assert json.loads(call.arguments)["city"]
        result = {"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees"}
        second = client.responses.create(**settings, input=[question, *first.output, result])
        assert "21 degrees" in second.output_text


def chat_stream(provider):
    messages = [{"role": "user", "content": "Hello"}]
    with client.chat.completions.stream(model=model(provider, "text"), messages=messages) as stream:
        text = "".join(event.delta for event in stream if event.type == "content.delta")
        message = stream.get_final_completion().choices[0].message
    assert "Water flows" in text
    assert message.content == text


def chat_tools(provider):
    for scenario in ["tools", "reasoning-tools"]:
        settings = {"model": model(provider, scenario), "tools": [CHAT_TOOL]}
        question = {"role": "user", "content": "Is it warm?"}
        choice = client.chat.completions.create(**settings, messages=[question]).choices[0]
        assert choice.finish_reason == "tool_calls"
        [call] = choice.message.tool_calls
        assert json.loads(call.function.arguments)["city"]
        result = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
        second = client.chat.completions.create(**settings, messages=[question, choice.message, result])
        assert "21 degrees" in second.choices[0].message.content


def broken_stream(provider):
    def read():
        stream = client.responses.create(
            model=model(provider, "cut"), input="Hello", store=False, stream=True
        )
        types = [event.type for event in stream]
        assert types[-1] == "response.failed", types[-1]
        raise openai.APIError("the stream said that it failed", request=None, body=None)

    raised(openai.APIError, read)


def previous_response():
    create = lambda: client.responses.create(
        model=model("lab", "text"), input="Hello", previous_response_id="resp_1"
    )
    assert raised(openai.BadRequestError, create).code == "unsupported_parameter"


def quota():
    spender = openai.OpenAI(base_url=f"{BASE_URL}/v1", api_key=SPENT_KEY)
    create = lambda: spender.responses.create(model=model("lab", "text"), input="Hello")
    create()
    error = raised(openai.RateLimitError, create)
    assert error.code == "insufficient_quota", error.code


run_checks(
    {
        **with_every_provider(
            {
                "creates": responses_create,
                "streams": responses_stream,
                "uses tools": responses_tools,
                "raises when a stream fails": broken_stream,
            },
            "responses",
        ),
        **with_every_provider({"streams": chat_stream, "uses tools": chat_tools}, "chat"),
        "raises BadRequestError for a previous response": previous_response,
        "raises RateLimitError when a quota is used up": quota,
    }
)
