import { parentPort, workerData } from 'node:worker_threads';
import { Refused } from '../../../journal/result.ts';
import { filesAt } from '../repository/filesAt.ts';
import { Opener } from '../repository/sealed.ts';
import { checkPack } from './checkPack.ts';
import { finishEntries } from './finishEntries.ts';
import type { Answer, Outcome, Task, ThreadData } from './tasks.ts';
import { writeSpan } from './writeSpan.ts';

/** A thread of the crew: while it opens and writes what it read for one task, the disk already reads for the next. */
const { at, key }: ThreadData = workerData;
const files = await filesAt(at);
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
  const answer = await outcomeOf(task).then(
    (outcome) => ({ outcome }),
    (error: unknown) => {
      if (error instanceof Refused) return { refusal: error.refusal };
      throw error;
    },
  );
  parentPort?.postMessage({ number, ...answer } satisfies Answer);
});
