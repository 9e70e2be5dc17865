"""A CPU offload tier behind a model that itself runs on the CPU, for tests: vLLM's own spec refuses that platform.

Everything that decides is vLLM's own: the connector, the manager, the loading of a policy by its module path. Only the worker,
which copies between the model's blocks and the tier, is replaced by one that copies at once.
"""

import diary  # noqa: F401  (the policy that is loaded after this has one)
import torch
from vllm.v1.kv_offload.base import OffloadingWorker, TransferResult
from vllm.v1.kv_offload.cpu.spec import CPUOffloadingSpec


class CopyingWorker(OffloadingWorker):
    def __init__(self, kv_caches, chunks):
        self._model = [cache.tensor for cache in kv_caches.tensors]
        self._tier = [torch.empty((chunks, *blocks.shape[1:]), dtype=blocks.dtype) for blocks in self._model]
        self._finished = []

    def submit_store(self, job_id, src_spec, dst_spec):
        return self._copy(job_id, self._model, src_spec, self._tier, dst_spec)

    def submit_load(self, job_id, src_spec, dst_spec):
        return self._copy(job_id, self._tier, src_spec, self._model, dst_spec)

    def _copy(self, job_id, sources, source, targets, target):
        taken, put = (torch.from_numpy(spec.block_ids).long() for spec in (source, target))
        for blocks, places in zip(sources, targets):
            places[put] = blocks[taken]
        self._finished.append(TransferResult(job_id, True))
        return True

    def get_finished(self):
        finished, self._finished = self._finished, []
        return finished

    def wait(self, job_ids):
        pass


class CpuTierSpec(CPUOffloadingSpec):
    def get_worker(self, kv_caches):
        if self._worker is None:
            self._worker = CopyingWorker(kv_caches, self.num_chunks)
        return self._worker
