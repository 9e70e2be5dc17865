"""The recorder as it is run, on a small model of random weights. Needs PyTorch.

    python experiments/gpu-trace/test_record.py
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import record
from journal import Refusal, read_chunk

RECORDER = str(Path(__file__).parent / "record.py")
SIZES = "--threads 1 --requests 24 --sessions 40 --concurrent 6 --batch 4 --answer-tokens 8 --context 1536 --scale 0.2 --pool-blocks 600 --cold-every 2"
TEMPLATE = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>{% endfor %}<|im_start|>assistant\n"


def write_model(folder):
    """A Llama that knows bytes and says anything."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "<|im_start|>", "<|im_end|>"]
    tokenizer = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", additional_special_tokens=["<|im_start|>"])
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}
    LlamaForCausalLM(LlamaConfig(vocab_size=len(words), max_position_embeddings=2048, **sizes)).save_pretrained(folder)


class RecordTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.model = cls.folder / "model"
        write_model(cls.model)

    def command(self, out, *options):
        return [sys.executable, RECORDER, "--device", "cpu", "--model", str(self.model), "--out", str(self.folder / out), *SIZES.split(), *options]

    def refused(self, message, *options):
        """In one line, and nothing was recorded."""
        with mock.patch("sys.argv", self.command("refused", *options)[1:]), self.assertRaisesRegex(Refusal, message) as caught:
            record.main()
        self.assertNotIn("\n", str(caught.exception))
        self.assertEqual(read_chunk(self.folder / "refused" / "chunk-0001.jsonl"), (0, []))

    def requests(self, out):
        _, records = read_chunk(self.folder / out / "chunk-0001.jsonl")
        return [one for one in records if one["type"] == "request"], records

    def test_a_killed_run_leaves_what_is_valid_and_the_next_goes_on_with_it(self):
        running = subprocess.Popen(self.command("killed"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        chunk = self.folder / "killed" / "chunk-0001.jsonl"
        until = time.time() + 120
        while not (chunk.exists() and len(self.requests("killed")[0]) >= 5) and time.time() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
        before, _ = self.requests("killed")
        self.assertTrue(5 <= len(before) < 24, f"{len(before)} requests when killed")
        # As if the last group had been half written.
        with chunk.open("ab") as file:
            file.write(b'{"type":"request","session"')
        again = subprocess.run(self.command("killed"), capture_output=True, text=True)
        self.assertEqual(again.returncode, 0, again.stderr)
        after, records = self.requests("killed")
        self.assertEqual(after[: len(before)], before)
        self.assertEqual(len(after), 24)
        self.assertEqual(len({(one["session"], one["turn"]) for one in after}), 24, "no turn twice")
        self.assertEqual([one["type"] for one in records].count("start"), 2)
        self.assertGreaterEqual(min(one["start"] for one in after[len(before) :]), max(one["end"] for one in before))
        for one in after:
            self.assertLessEqual(one["cached"], one["prompt"] - 1)
            self.assertTrue(one["arrival"] <= one["start"] < one["first"] <= one["end"])
        self.assertTrue(any(one["cached"] for one in after) and any(one["coldSeconds"] for one in after))

    def test_what_is_no_model_is_refused(self):
        text, cut, other = self.folder / "text.gguf", self.folder / "cut.gguf", self.folder / "of-another-kind"
        text.write_text("hello")
        cut.write_bytes(b"GGUF\3\0\0\0" + b"\1" * 100)
        other.mkdir()
        (other / "config.json").write_text(json.dumps({"model_type": "bert"}))
        self.refused("there is no such model; give ", "--model", str(self.folder / "none.gguf"))
        self.refused("no GGUF file; give ", "--model", str(text))
        self.refused("no config.json; give ", "--model", str(self.folder))
        self.refused(r"cut.gguf: cannot be loaded \(.+\); give ", "--model", str(cut))
        self.refused(r"of-another-kind: cannot be loaded \(.+\); give ", "--model", str(other))

    def test_too_little_memory_is_refused_before_it_is_taken(self):
        self.refused("GiB are needed and .* GiB are free on cpu; give a smaller --pool-blocks", "--pool-blocks", str(10**10))
        self.refused("--pool-blocks 10: too few for a single prompt; give at least 32", "--pool-blocks", "10")

    def test_memory_that_runs_out_while_serving_costs_nothing_that_was_recorded(self):
        import torch
        from decoder import Decoder

        decode, steps = Decoder.decode, []

        def run_out(decoder, *given):
            steps.append(given)
            if len(steps) > 20:
                raise torch.OutOfMemoryError("no memory\nat all")
            return decode(decoder, *given)

        command = self.command("full", "--requests", "12")[1:]
        with mock.patch("sys.argv", command), mock.patch.object(Decoder, "decode", run_out):
            with self.assertRaisesRegex(Refusal, "^cpu ran out of memory; .+ smaller --pool-blocks$"):
                record.main()
        before, _ = self.requests("full")
        with mock.patch("sys.argv", command):
            record.main()
        after, _ = self.requests("full")
        self.assertTrue(0 < len(before) < len(after) == 12)
        self.assertEqual(after[: len(before)], before)

    def test_other_settings_do_not_continue_a_recording(self):
        with mock.patch("sys.argv", self.command("other", "--requests", "2")[1:]):
            record.main()
        with mock.patch("sys.argv", self.command("other", "--seed", "2")[1:]), self.assertRaisesRegex(Refusal, r"other settings \(seed\); use"):
            record.main()


if __name__ == "__main__":
    unittest.main()
