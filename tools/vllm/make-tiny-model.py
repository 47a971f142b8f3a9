"""Writes a tiny Llama chat model for vLLM into a directory, from nothing: no hub, no download, a few seconds.

Random weights would answer noise, never stop and never call a tool, so most of what a gateway has to carry
(finish_reason "stop", tool calls, long streams to abort) would go untested. So the weights are written by hand.
Attention and MLP run but add zero, which leaves a bigram model: the last token alone decides the next one.
Every token has a random +-1 embedding; "b follows a" is written by adding a's embedding to b's output row, and a
constant first dimension makes START follow every token that nothing else was said about. The result behaves so:

  any message                            -> REPLY, then end of turn
  a user message containing "at length"  -> LOOP, for ever (until max_tokens, the context's end or an abort)
  tools given, user speaks last          -> a Hermes call of get_weather {"city": "Paris"}, then end of turn
  tools given, a tool's result is last   -> REPLY: so an agent's whole loop can be played
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

HIDDEN, LAYERS, HEADS, KV_HEADS, MLP = 256, 2, 4, 2, 128
CONTEXT = 131072  # room for the long prompts of coding agents, which this small vocabulary makes longer still
START_LOGIT = 140  # between the noise (below 60) and a written successor (256)

END, BEGIN = "<|im_end|>", "<|im_start|>"
AS_LOOP, AS_CALL = "<|as_loop|>", "<|as_call|>"
CONTROL = ["<|endoftext|>", BEGIN, END, AS_LOOP, AS_CALL]
REPLY = ["Water", " flows", " through", " the", " penstock", " and", " turns", " a", " turbine", "."]
LOOP = [" drop", " by", " drop,", " day", " after", " day,", " year", " upon", " year;"]
CALL = ["<tool_call>", '\n{"name": "get_weather"', ', "arguments": {"city"', ': "Paris"}', "}\n", "</tool_call>"]

TEMPLATE = """
{%- if tools %}{{ '<|im_start|>system\\nTools: ' + (tools | tojson) + '<|im_end|>\\n' }}{% endif %}
{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.content is string %}{{ message.content }}{% endif %}
{%- for call in message.tool_calls or [] %}
{{- '<tool_call>\\n' + ({'name': call.function.name, 'arguments': call.function.arguments} | tojson) }}
{{- '\\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{%- set last = messages[-1] %}
{{- '<|im_start|>assistant\\n' }}
{%- if last.content is string and 'at length' in last.content %}{{ '<|as_loop|>' }}
{%- elif tools and last.role == 'user' %}{{ '<|as_call|>' }}
{%- endif %}
{%- endif %}
""".strip()


def train_tokenizer() -> Tokenizer:
    """A byte-level BPE (so any input can be encoded) trained on this very file, plus whole tokens for what is said."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=900, special_tokens=CONTROL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(Path(__file__).read_text().splitlines(), trainer)
    said = [piece for piece in REPLY + LOOP + CALL if tokenizer.token_to_id(piece) is None]
    tokenizer.add_tokens([AddedToken(piece, normalized=False, special=False) for piece in said])
    return tokenizer


def successors(tokenizer: Tokenizer) -> list[tuple[int, int]]:
    """The (token, next token) pairs of everything the model can say."""
    chains = [REPLY + [END], [AS_LOOP] + LOOP + LOOP[:1], [AS_CALL] + CALL + [END]]
    ids = [[tokenizer.token_to_id(piece) for piece in chain] for chain in chains]
    pairs = [pair for chain in ids for pair in zip(chain, chain[1:])]
    assert len({token for token, _ in pairs}) == len(pairs), "a bigram model allows one successor per token"
    return pairs


def weights(tokenizer: Tokenizer) -> dict[str, np.ndarray]:
    """Embeddings and output rows that hold the successors; every layer between them is present and adds nothing."""
    vocabulary = tokenizer.get_vocab_size()
    random = np.random.default_rng(1)
    embedding = random.choice([-1.0, 1.0], size=(vocabulary, HIDDEN)).astype(np.float32)
    embedding[:, 0] = 1
    head = np.zeros((vocabulary, HIDDEN), np.float32)
    head[tokenizer.token_to_id(REPLY[0]), 0] = START_LOGIT
    for token, following in successors(tokenizer):
        head[following] += embedding[token]
    tensors = {"model.embed_tokens.weight": embedding, "lm_head.weight": head}
    tensors["model.norm.weight"] = np.ones(HIDDEN, np.float32)
    for layer in range(LAYERS):
        tensors |= layer_weights(f"model.layers.{layer}.", random)
    return tensors


def layer_weights(prefix: str, random: np.random.Generator) -> dict[str, np.ndarray]:
    """One decoder layer: random inside, zero where attention (o_proj) and MLP (down_proj) would add to the stream."""
    narrow = HIDDEN // HEADS * KV_HEADS
    shapes = {
        "self_attn.q_proj": (HIDDEN, HIDDEN),
        "self_attn.k_proj": (narrow, HIDDEN),
        "self_attn.v_proj": (narrow, HIDDEN),
        "mlp.gate_proj": (MLP, HIDDEN),
        "mlp.up_proj": (MLP, HIDDEN),
    }
    named = {name: random.normal(0, 0.02, shape) for name, shape in shapes.items()}
    named["self_attn.o_proj"] = np.zeros((HIDDEN, HIDDEN))
    named["mlp.down_proj"] = np.zeros((HIDDEN, MLP))
    named["input_layernorm"] = named["post_attention_layernorm"] = np.ones(HIDDEN)
    return {f"{prefix}{name}.weight": value.astype(np.float32) for name, value in named.items()}


def configs(tokenizer: Tokenizer) -> dict[str, dict]:
    """The JSON files beside the weights, in the forms that transformers expects."""
    end = tokenizer.token_to_id(END)
    model = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": HIDDEN,
        "intermediate_size": MLP,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "eos_token_id": end,
        "bos_token_id": None,
    }
    chat = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "pad_token": "<|endoftext|>",
        "model_max_length": CONTEXT,
        "clean_up_tokenization_spaces": False,
        "chat_template": TEMPLATE,
    }
    return {"config": model, "tokenizer_config": chat, "generation_config": {"eos_token_id": end}}


def main(directory: Path) -> None:
    """Writes everything; config.json comes last, so that its presence means a complete model."""
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer()
    tokenizer.save(str(directory / "tokenizer.json"))
    save_file(weights(tokenizer), directory / "model.safetensors", {"format": "pt"})
    for name, content in reversed(configs(tokenizer).items()):
        (directory / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
