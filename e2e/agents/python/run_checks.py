"""What the scripts of this folder share: the models' names, and one line of JSON for each check: {"check", "error"}."""

import json
import os
import traceback

BASE_URL = os.environ["PENSTOCK_URL"]
KEY = os.environ["PENSTOCK_KEY"]
SPENT_KEY = os.environ["SPENT_KEY"]

#: For each provider of the gateway, how a model is named that acts out a scenario (`*`).
PATTERNS = json.loads(os.environ["MODELS"])
PROVIDERS = list(PATTERNS)

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}


def model(provider, scenario):
    return PATTERNS[provider].replace("*", scenario)


def raised(kind, action):
    """The error of this kind that the action must raise."""
    try:
        action()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def with_every_provider(whats, surface):
    """A check of each kind with each provider."""
    return {
        f"{surface}, {provider}: {what}": lambda check=check, provider=provider: check(provider)
        for provider in PROVIDERS
        for what, check in whats.items()
    }


def run_checks(checks):
    for name, check in checks.items():
        try:
            check()
            error = None
        except Exception:  # every failure is a result here
            error = traceback.format_exc()[-2000:]
        print(json.dumps({"check": name, "error": error}), flush=True)
