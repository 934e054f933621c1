import { writeSync } from 'node:fs';
import { eventsOf } from '../../../journal/codec.ts';
import { notebook, notebookEvents } from '../../../journal/notebook.ts';
import { openJournal } from '../../../journal/open.ts';
import { sqliteEngine } from '../engine.ts';

/**
 * A hub in miniature, to be cut down while it writes: `writer.ts FOLDER WRITERS COMMANDS`. It first says `head SEQUENCE`,
 * then each acknowledged command, at once, as `ack SEQUENCE ID`; the last word is `done`. With `early` as last argument it
 * lies: it acknowledges before the commit, which a test must find out.
 */
const [folder = '', writers = '4', commands = '100', honesty] = process.argv.slice(2);

/** At once and whole, also where the listener is slow and the pipe full. */
function say(line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

const opened = await openJournal({
  engine: sqliteEngine(folder),
  establishment: 'hospital-a',
  events: eventsOf(notebookEvents),
  world: notebook,
  foldKey: 'fold-1',
  clock: () => Date.now(),
  // Often, so that cuts fall while they are written.
  snapshotEvery: 150,
  checkpointEvery: 40,
});
if (!opened.ok) throw new Error(`${opened.refusal.code}: ${opened.refusal.message}`);
const { queue } = opened.value;
const start = queue.durable.head.sequence;
say(`head ${start}\n`);
// Long enough for several pages in each commit, so that one can be torn.
const text = 'transmission '.repeat(100);

async function write(writer: number): Promise<void> {
  for (let n = 0; n < Number(commands); n++) {
    const id = `${start}-${writer}-${n}`;
    // A new author now and then: its key must be as durable as the note it opens.
    const command = { type: 'take' as const, ward: 'urgences', id, text, author: `${start}-${Math.floor(n / 20)}` };
    const answer = await queue.submit(command, { actor: `person:${writer}` });
    if (!answer.ok) throw new Error(`${answer.refusal.code}: ${answer.refusal.message}`);
    say(`ack ${answer.value.sequence} ${id}\n`);
  }
}

async function lie(): Promise<void> {
  const answers = Array.from({ length: Number(commands) }, (_, n) => {
    const answer = queue.submit({ type: 'take', ward: 'urgences', id: `${start}-0-${n}`, text }, { actor: 'person:0' });
    say(`ack ${start + n + 1} ${start}-0-${n}\n`);
    return answer;
  });
  await Promise.all(answers);
}

if (honesty === 'early') await lie();
else await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
say('done\n');
await opened.value.close();
