/** Loaded into a worker before all else: one cell ends the whole process as a lack of memory would, without a word. */
import { Worker } from 'node:worker_threads';

const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (cell, ...rest) {
  if (cell?.policy === 'lirs' && cell.capacity === 800) process.kill(process.pid, 'SIGKILL');
  return postMessage.call(this, cell, ...rest);
};
