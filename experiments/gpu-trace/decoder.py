"""A decoder-only transformer over a block-paged KV cache, with eager attention, so that attention can be seen.

Weights, configuration and tokenizer come from a local Hugging Face folder or GGUF file; the forward pass is written out
here because the usual ones neither read paged blocks nor tell the attention of a step cheaply.
"""

from pathlib import Path

import torch
import torch.nn.functional as F

from blocks import BLOCK
from journal import Refusal

KNOWN = ("llama", "mistral", "qwen2")
# Rows of a prompt that attend at once: bounds the memory of the scores.
PREFILL_ROWS = 512


def load(path, device, dtype):
    """The tokenizer and the Decoder of a local model. Refuses with one line what is no model of a known kind."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = Path(path)
    if not path.exists():
        raise Refusal(f"{path}: there is no such model; give a GGUF file or a folder with config.json")
    if path.is_dir() and not (path / "config.json").exists():
        raise Refusal(f"{path}: no config.json; give the folder of a Hugging Face model or a GGUF file")
    if path.is_file():
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise Refusal(f"{path}: no GGUF file; give a GGUF file or a folder with config.json")
    source = (str(path), {}) if path.is_dir() else (str(path.parent), {"gguf_file": path.name})
    try:
        tokenizer = AutoTokenizer.from_pretrained(source[0], local_files_only=True, **source[1])
        model = AutoModelForCausalLM.from_pretrained(source[0], local_files_only=True, dtype=dtype, **source[1])
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        raise Refusal(f"{path}: cannot be loaded ({reason}); give an unbroken model of the kinds {', '.join(KNOWN)}") from None
    if model.config.model_type not in KNOWN:
        raise Refusal(f"{path}: a {model.config.model_type} model; known are {', '.join(KNOWN)}")
    return tokenizer, Decoder(model, device, dtype)


class Decoder:
    """The forward pass. `reserve` makes the memory of the KV cache before it is used."""

    def __init__(self, model, device, dtype):
        config = model.config
        self.device, self.dtype = torch.device(device), dtype
        self.layers = config.num_hidden_layers
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        self.width = getattr(config, "head_dim", None) or config.hidden_size // self.heads
        self.epsilon, self.longest = config.rms_norm_eps, config.max_position_embeddings
        state = {name: value.to(self.device, dtype) for name, value in model.state_dict().items()}
        rotary = model.model.rotary_emb
        positions = torch.arange(self.longest, dtype=torch.float32)[:, None] * rotary.inv_freq.float()[None].cpu()
        angles = torch.cat([positions, positions], 1)
        self.cos = (angles.cos() * rotary.attention_scaling).to(self.device, dtype)
        self.sin = (angles.sin() * rotary.attention_scaling).to(self.device, dtype)
        self.embedding, self.last_norm = state["model.embed_tokens.weight"], state["model.norm.weight"]
        self.head = state.get("lm_head.weight", self.embedding)
        self.weights = [self._layer(state, f"model.layers.{i}.") for i in range(self.layers)]
        self.parameters = sum(value.numel() for value in {id(v): v for v in model.parameters()}.values())

    def _layer(self, state, prefix):
        def joined(names, kind):
            parts = [state.get(f"{prefix}{name}.{kind}") for name in names]
            return None if parts[0] is None else torch.cat(parts)

        attention = [f"self_attn.{name}_proj" for name in "qkv"]
        return {
            "norm": state[prefix + "input_layernorm.weight"],
            "qkv": joined(attention, "weight"),
            "qkv_bias": joined(attention, "bias"),
            "out": state[prefix + "self_attn.o_proj.weight"],
            "mlp_norm": state[prefix + "post_attention_layernorm.weight"],
            "gate_up": joined(["mlp.gate_proj", "mlp.up_proj"], "weight"),
            "down": state[prefix + "mlp.down_proj.weight"],
        }

    def block_bytes(self):
        return 2 * self.layers * self.kv_heads * BLOCK * self.width * self.dtype.itemsize

    def reserve(self, blocks):
        """Makes the KV cache: for each layer keys and values of every slot. The last block takes what is of no use."""
        shape = (self.kv_heads, (blocks + 1) * BLOCK, self.width)
        self.keys = [torch.zeros(shape, dtype=self.dtype, device=self.device) for _ in range(self.layers)]
        self.values = [torch.zeros(shape, dtype=self.dtype, device=self.device) for _ in range(self.layers)]
        self.spare = blocks

    @torch.inference_mode()
    def prefill(self, tokens, start, blocks):
        """Reads tokens[start:] after the cached ones before it. Returns the logits after the last, on the device."""
        slots = self._slots(torch.tensor([blocks]))[0]
        for begin in range(start, len(tokens), PREFILL_ROWS):
            end = min(begin + PREFILL_ROWS, len(tokens))
            positions = torch.arange(begin, end, device=self.device)
            listed = torch.tensor(blocks[: -(-end // BLOCK)], device=self.device)
            later = torch.arange(end, device=self.device)[None] > positions[:, None]

            def attend(layer, query):
                keys, values = (self._gather(kept[layer], listed)[:, :end] for kept in (self.keys, self.values))
                query = query.view(end - begin, self.kv_heads, -1, self.width).transpose(0, 1).transpose(1, 2)
                scores = torch.matmul(query, keys[:, None].transpose(2, 3)).float() * self.width**-0.5
                shares = scores.masked_fill(later, float("-inf")).softmax(-1)
                mixed = torch.matmul(shares.to(self.dtype), values[:, None])
                return mixed.permute(2, 0, 1, 3).reshape(end - begin, -1)

            hidden = self._forward(torch.tensor(tokens[begin:end]), positions, slots[begin:end], attend)
        return self._logits(hidden[-1:])[0]

    @torch.inference_mode()
    def decode(self, tokens, lengths, tables):
        """One step of several sequences. `lengths` count the tokens before the given ones, `tables` list their blocks.

        Returns the logits, and the attention mass of each block of each sequence: its mean and its maximum over all
        layers and heads.
        """
        count, most = len(tokens), max(length // BLOCK + 1 for length in lengths)
        table = torch.full((count, most), self.spare)
        for row, blocks in enumerate(tables):
            used = lengths[row] // BLOCK + 1
            table[row, :used] = torch.tensor(blocks[:used])
        slots, listed = self._slots(table), table.flatten().to(self.device)
        positions = torch.tensor(lengths, device=self.device)
        later = torch.arange(most * BLOCK, device=self.device)[None] > positions[:, None]
        mean = torch.zeros(count, most, device=self.device)
        largest = torch.zeros(count, most, device=self.device)

        def attend(layer, query):
            shape = (self.kv_heads, count, most * BLOCK, self.width)
            keys = self._gather(self.keys[layer], listed).view(shape)
            values = self._gather(self.values[layer], listed).view(shape)
            query = query.view(count, self.kv_heads, -1, self.width).transpose(0, 1)
            scores = torch.matmul(query, keys.transpose(2, 3)).float() * self.width**-0.5
            shares = scores.masked_fill(later[None, :, None], float("-inf")).softmax(-1)
            mass = shares.view(*shares.shape[:3], most, BLOCK).sum(-1)
            mean.add_(mass.sum((0, 2)))
            torch.maximum(largest, mass.amax((0, 2)), out=largest)
            return torch.matmul(shares.to(self.dtype), values).transpose(0, 1).reshape(count, -1)

        own = slots.gather(1, positions[:, None])[:, 0]
        hidden = self._forward(torch.tensor(tokens), positions, own, attend)
        return self._logits(hidden), mean / (self.layers * self.heads), largest

    def _gather(self, kept, blocks):
        """Keys or values of blocks one after the other: whole blocks at once are copied several times as fast."""
        by_block = kept.view(self.kv_heads, -1, BLOCK * self.width)
        return by_block.index_select(1, blocks).view(self.kv_heads, -1, self.width)

    def _slots(self, table):
        return (table[..., None] * BLOCK + torch.arange(BLOCK)).flatten(-2).to(self.device)

    def _forward(self, tokens, positions, slots, attend):
        hidden = self.embedding[tokens.to(self.device)]
        cos, sin = self.cos[positions][:, None], self.sin[positions][:, None]
        split = [self.heads * self.width, self.kv_heads * self.width, self.kv_heads * self.width]
        for layer, weight in enumerate(self.weights):
            normed = self._norm(hidden, weight["norm"])
            query, key, value = F.linear(normed, weight["qkv"], weight["qkv_bias"]).split(split, 1)
            query, key = self._rotate(query, cos, sin), self._rotate(key, cos, sin)
            self.keys[layer][:, slots] = key.transpose(0, 1)
            self.values[layer][:, slots] = value.view(len(tokens), -1, self.width).transpose(0, 1)
            hidden = hidden + F.linear(attend(layer, query), weight["out"])
            gate, up = F.linear(self._norm(hidden, weight["mlp_norm"]), weight["gate_up"]).chunk(2, 1)
            hidden = hidden + F.linear(F.silu(gate) * up, weight["down"])
        return hidden

    def _norm(self, hidden, weight):
        wide = hidden.float()
        return weight * (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)).to(self.dtype)

    def _rotate(self, vectors, cos, sin):
        vectors = vectors.reshape(len(vectors), -1, self.width)
        first, second = vectors.chunk(2, -1)
        return vectors * cos + torch.cat([-second, first], -1) * sin

    def _logits(self, hidden):
        return F.linear(self._norm(hidden, self.last_norm), self.head).float()
