"""LangChain's ChatOpenAI and OpenAIEmbeddings for Python, unchanged, against a gateway."""

import openai
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel
from run_checks import BASE_URL, KEY, SPENT_KEY, model, raised, run_checks, with_every_provider


class Place(BaseModel):
    """A place."""

    city: str


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"21 degrees in {city}"


def checks_of(surface, use_responses_api):
    def chat(provider, scenario):
        return ChatOpenAI(
            model=model(provider, scenario),
            base_url=f"{BASE_URL}/v1",
            api_key=KEY,
            use_responses_api=use_responses_api,
            stream_usage=True,
            max_retries=0,
        )

    def invokes(provider):
        answer = chat(provider, "text").invoke("Hello")
        assert "Water flows" in answer.text
        assert answer.usage_metadata["output_tokens"] > 0

    def streams(provider):
        chunks = list(chat(provider, "text").stream("Hello"))
        assert "Water flows" in "".join(chunk.text for chunk in chunks)
        assert any(chunk.usage_metadata for chunk in chunks)

    def uses_tools(provider):
        with_tools = chat(provider, "tools").bind_tools([get_weather])
        question = HumanMessage("Is it warm?")
        first = with_tools.invoke([question])
        [call] = first.tool_calls
        second = with_tools.invoke([question, first, get_weather.invoke(call)])
        assert "21 degrees" in second.text

    def makes_objects(provider):
        place = chat(provider, "structured").with_structured_output(Place).invoke("A city")
        assert isinstance(place, Place)

    def broken_stream(provider):
        for scenario in ["error-mid-stream", "cut"]:
            raised(Exception, lambda: list(chat(provider, scenario).stream("Hello")))

    return with_every_provider(
        {
            "invokes": invokes,
            "streams": streams,
            "uses tools": uses_tools,
            "makes objects": makes_objects,
            "raises when a stream fails": broken_stream,
        },
        surface,
    )


def embeddings():
    # The texts themselves rather than OpenAI's token numbers, which other models do not know.
    embedder = OpenAIEmbeddings(
        model=model("lab", "text"), base_url=f"{BASE_URL}/v1", api_key=KEY, check_embedding_ctx_length=False
    )
    vectors = embedder.embed_documents(["water", "turbine"])
    assert len(vectors) == 2
    assert all(isinstance(number, float) for number in vectors[0])


def wrong_key():
    stranger = ChatOpenAI(model=model("lab", "text"), base_url=f"{BASE_URL}/v1", api_key="psk_wrong")
    raised(openai.AuthenticationError, lambda: stranger.invoke("Hello"))


def quota():
    spender = ChatOpenAI(model=model("lab", "text"), base_url=f"{BASE_URL}/v1", api_key=SPENT_KEY)
    spender.invoke("Hello")
    raised(openai.RateLimitError, lambda: spender.invoke("Hello"))


run_checks(
    {
        **checks_of("chat", False),
        **checks_of("responses", True),
        "embeds texts": embeddings,
        "raises AuthenticationError for a wrong key": wrong_key,
        "raises RateLimitError when a quota is used up": quota,
    }
)
