"""The decoder against the reference in transformers, on small models of random weights. Needs PyTorch.

    python experiments/gpu-trace/test_decoder.py
"""

import os
import unittest

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM

from blocks import BLOCK
from decoder import PREFILL_ROWS, Decoder

DEVICE = os.environ.get("DEVICE", "cpu")
SHAPE = {
    "vocab_size": 97,
    "hidden_size": 48,
    "intermediate_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
    "attn_implementation": "eager",
}
KINDS = ((LlamaConfig, LlamaForCausalLM), (MistralConfig, MistralForCausalLM), (Qwen2Config, Qwen2ForCausalLM))


def random_tokens(count, seed):
    return torch.randint(0, SHAPE["vocab_size"], (count,), generator=torch.Generator().manual_seed(seed)).tolist()


class DecoderTest(unittest.TestCase):
    def pairs(self):
        for config, kind in KINDS:
            torch.manual_seed(1)
            model = kind(config(**SHAPE)).eval()
            for parameter in model.parameters():
                # Random weights as they are made look at all tokens alike.
                torch.nn.init.normal_(parameter, std=0.3)
            yield model, Decoder(model, DEVICE, torch.float32)

    def reference(self, model, tokens):
        with torch.inference_mode():
            seen = model(torch.tensor([tokens]), output_attentions=True)
        # Layers, heads, and the tokens that the last one looks at.
        return seen.logits[0, -1], torch.stack([layer[0, :, -1] for layer in seen.attentions])

    def close(self, found, expected):
        torch.testing.assert_close(found.cpu(), expected, rtol=2e-3, atol=2e-3)

    def test_a_prompt_is_read_as_the_reference_reads_it_whole_or_after_a_reused_prefix(self):
        for model, decoder in self.pairs():
            tokens = random_tokens(PREFILL_ROWS + 3 * BLOCK + 5, 2)
            blocks = list(range(50, 50 - len(tokens) // BLOCK - 1, -1))
            decoder.reserve(60)
            expected, _ = self.reference(model, tokens)
            self.close(decoder.prefill(tokens, 0, blocks), expected)
            self.close(decoder.prefill(tokens, 2 * BLOCK, blocks), expected)

    def test_a_step_of_several_sequences_has_the_logits_and_the_attention_of_the_reference(self):
        for model, decoder in self.pairs():
            decoder.reserve(40)
            prompts = [random_tokens(count, seed) for seed, count in enumerate((BLOCK, 3 * BLOCK - 1, 100))]
            tables = [list(range(10 * i, 10 * i + 10)) for i in range(3)]
            for tokens, blocks in zip(prompts, tables):
                decoder.prefill(tokens, 0, blocks)
            for step in range(2):
                added = random_tokens(3, 10 + step)
                logits, mean, largest = decoder.decode(added, [len(tokens) for tokens in prompts], tables)
                for row, tokens in enumerate(prompts):
                    tokens.append(added[row])
                    expected, shares = self.reference(model, tokens)
                    self.close(logits[row], expected)
                    padded = torch.nn.functional.pad(shares, (0, -len(tokens) % BLOCK))
                    mass = padded.unflatten(2, (-1, BLOCK)).sum(3)
                    count = mass.shape[2]
                    self.close(mean[row, :count], mass.mean((0, 1)))
                    self.close(largest[row, :count], mass.amax((0, 1)))
                    self.assertEqual(mean[row, count:].sum().item(), 0)

    def test_nothing_but_tokens_and_tables_is_on_the_host(self):
        """Of a GPU that need not be there: tensors without content know where they are, and refuse to be mixed."""
        for config, kind in KINDS:
            model = kind(config(**SHAPE))
            with FakeTensorMode(allow_non_fake_inputs=True):
                decoder = Decoder(model, "cuda", torch.bfloat16)
                decoder.reserve(60)
                logits = decoder.prefill([1] * 600, 0, list(range(38)))
                stepped, mean, largest = decoder.decode([1, 2], [600, 5], [list(range(38)), [50]])
                for tensor in (logits, stepped, mean, largest):
                    self.assertEqual((tensor.device.type, tensor.dtype), ("cuda", torch.float32))


if __name__ == "__main__":
    unittest.main()
