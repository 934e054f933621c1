import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** Flushes four kilobytes for each message and says so: the least that storing in another thread can cost. */
const descriptor = openSync(String(workerData), 'w');
const page = Buffer.alloc(4_096, 1);
let flushes = 0;
parentPort?.on('message', (more: boolean) => {
  if (!more) {
    closeSync(descriptor);
    parentPort?.close();
    return;
  }
  writeSync(descriptor, page, 0, page.length, (flushes++ % 64) * page.length);
  fdatasyncSync(descriptor);
  parentPort?.postMessage(true);
});
