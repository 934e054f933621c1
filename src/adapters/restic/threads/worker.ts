import { parentPort, workerData } from 'node:worker_threads';
import { FolderFiles } from '../repository/files.ts';
import { Opener } from '../repository/sealed.ts';
import { checkPack } from './checkPack.ts';
import { finishEntries } from './finishEntries.ts';
import type { Outcome, Task, ThreadData } from './tasks.ts';
import { writeSpan } from './writeSpan.ts';

/** A thread of the crew: while it opens and writes what it read for one task, the disk already reads for the next. */
const { place, key }: ThreadData = workerData;
const files = new FolderFiles(place);
const opener = new Opener(key);

async function outcomeOf(task: Task): Promise<Outcome> {
  switch (task.kind) {
    case 'write':
      return writeSpan(files, opener, task);
    case 'finish':
      return finishEntries(task);
    case 'check':
      return checkPack(files, opener, task.pack);
  }
}

parentPort?.on('message', async ({ number, task }: { number: number; task: Task }) => {
  parentPort?.postMessage({ number, outcome: await outcomeOf(task) });
});
