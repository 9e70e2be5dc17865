"""Tests of the parts of the recorder that need no PyTorch.

    python experiments/gpu-trace/test_recorder.py
"""

import tempfile
import types
import unittest
from pathlib import Path

from blocks import BLOCK, BlockPool, chained_hashes
from journal import Journal, Refusal, read_chunk
from traffic import Traffic

CORPUS = [(f"name{i}", f"text {i} " * 60) for i in range(200)]


class JournalTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def journal(self):
        journal = Journal(self.folder.name)
        self.addCleanup(journal.close)
        return journal

    def test_whatever_is_cut_off_whole_groups_stay_and_writing_goes_on(self):
        journal = self.journal()
        for i in range(3):
            journal.append([{"i": i}, {"text": "ä\n"}])
        path = journal.chunks()[0]
        content = path.read_bytes()
        ends = [at + 1 for at, byte in enumerate(content) if byte == 10][2::3]
        for length in range(len(content) + 1):
            path.write_bytes(content[:length])
            whole = sum(end <= length for end in ends)
            again = self.journal()
            self.assertEqual(len(again.records), 2 * whole)
            self.assertEqual(path.stat().st_size, ([0] + ends)[whole])
        again.append([{"i": 3}])
        self.assertEqual(self.journal().records[-1], {"i": 3})

    def test_a_group_whose_bytes_changed_is_not_read(self):
        journal = self.journal()
        journal.append([{"i": 1}])
        journal.append([{"i": 2}])
        path = journal.chunks()[0]
        path.write_bytes(path.read_bytes().replace(b'{"i":2}', b'{"i":7}'))
        self.assertEqual(read_chunk(path)[1], [{"i": 1}])

    def test_damage_before_the_last_file_is_refused(self):
        self.journal().append([{"i": 1}])
        folder = Path(self.folder.name)
        (folder / "chunk-0002.jsonl").write_bytes((folder / "chunk-0001.jsonl").read_bytes())
        (folder / "chunk-0001.jsonl").write_bytes(b"{")
        with self.assertRaisesRegex(Refusal, "chunk-0001.jsonl: damaged at byte 0; "):
            Journal(folder)


class BlocksTest(unittest.TestCase):
    def test_a_hash_stands_for_all_that_is_before_it(self):
        one, other = list(range(3 * BLOCK + 5)), list(range(3 * BLOCK))
        self.assertEqual(chained_hashes(one), chained_hashes(other))
        other[0] = 99
        self.assertFalse(set(chained_hashes(one)) & set(chained_hashes(other)))

    def test_prefixes_are_found_until_their_room_is_needed(self):
        pool = BlockPool(4)
        blocks = pool.take(3)
        for block, name in zip(blocks, "abc"):
            pool.name(block, name)
        self.assertEqual(pool.match("abx"), blocks[:2])
        self.assertIsNone(pool.take(2), "all but one are in use")
        pool.release(blocks)
        pool.release(blocks[:2])
        self.assertEqual(pool.available(), 4)
        taken = pool.take(2)
        self.assertIn(blocks[2], taken, "what follows a prefix leaves before it")
        self.assertEqual(pool.match("abc"), blocks[:2])
        self.assertEqual(pool.evictions, 1)

    def test_equal_content_is_kept_once(self):
        pool = BlockPool(2)
        for block in pool.take(2):
            pool.name(block, "a")
            pool.release([block])
        self.assertEqual((len(pool.free), len(pool.idle)), (1, 1))


class TrafficTest(unittest.TestCase):
    given = types.SimpleNamespace(seed=1, scale=1, concurrent=6, sessions=12, think=1)

    def serve(self, traffic, count):
        records = []
        while len(records) < count and traffic.next_arrival() is not None:
            arrival, _, session = traffic.take()
            records.append({"type": "request", "session": session.number, "turn": session.turn, "end": arrival + 1,
                            "answer": f"answer {session.number} {session.turn}"})
            traffic.answered(session, records[-1]["answer"], arrival + 1)
        return records

    def test_every_turn_of_every_session_is_asked_once(self):
        seen = [(r["session"], r["turn"]) for r in self.serve(Traffic(self.given, CORPUS, []), 10_000)]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual({session for session, _ in seen}, set(range(12)))

    def test_what_goes_on_after_an_interruption_asks_what_would_have_been_asked(self):
        whole = Traffic(self.given, CORPUS, [])
        done = self.serve(whole, 20)
        resumed = Traffic(self.given, CORPUS, done)
        unfinished = {s.number: s.messages for _, _, s in whole.arrivals}
        again = {s.number: s.messages for _, _, s in resumed.arrivals}
        self.assertEqual(again, {number: unfinished.get(number, again[number]) for number in again})
        # A session that had been opened, but not answered, is opened again.
        self.assertEqual({(r["session"], r["turn"]) for r in done + self.serve(resumed, 10_000)},
                         {(r["session"], r["turn"]) for r in done + self.serve(whole, 10_000)})

    def test_a_session_that_outgrew_the_context_stays_ended(self):
        done = self.serve(Traffic(self.given, CORPUS, []), 20)
        open_ones = {s.number for _, _, s in Traffic(self.given, CORPUS, done).arrivals}
        cut = min(open_ones)
        resumed = Traffic(self.given, CORPUS, [*done, {"type": "ended", "session": cut}])
        self.assertEqual({s.number for _, _, s in resumed.arrivals} & open_ones, open_ones - {cut})
        self.assertLessEqual(len(resumed.arrivals), self.given.concurrent)


if __name__ == "__main__":
    unittest.main()
