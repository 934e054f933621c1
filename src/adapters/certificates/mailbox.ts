import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RefusalShape } from '../../journal/refusalShape.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';

/**
 * How the command line asks a hub that runs, and alone holds the keys: a file in `certificates/asked`, answered in
 * `certificates/answered`. Only the hub's own account can write there (0700), and it could as well sign by itself.
 */
const Asked = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('issue'),
    role: z.enum(['site', 'box']),
    id: z.string().max(63),
    request: z.string().max(16_384),
  }),
  z.strictObject({ what: z.literal('renew'), authority: z.boolean() }),
]);
export type Asked = z.infer<typeof Asked>;

const Answered = z.union([
  z.object({ ok: z.literal(true), value: z.string() }),
  z.object({ ok: z.literal(false), refusal: RefusalShape }),
]);

const askedFolder = (folder: string): string => join(folder, 'asked');
const answeredFolder = (folder: string): string => join(folder, 'answered');
const letter = /^[0-9a-f-]{36}\.json$/;
const lettersMax = 100;

export function makeMailbox(folder: string): string {
  for (const place of [askedFolder(folder), answeredFolder(folder)]) mkdirSync(place, { recursive: true, mode: 0o700 });
  return askedFolder(folder);
}

/** The hub's side: each question once, even if it fails; what cannot be read is answered as such. */
export async function answerAll(folder: string, work: (asked: Asked) => Promise<Result<string>>): Promise<number> {
  const letters = readdirSync(askedFolder(folder)).filter((name) => letter.test(name));
  for (const name of letters.slice(0, lettersMax)) {
    const path = join(askedFolder(folder), name);
    const answer = await answerTo(path, work);
    put(join(answeredFolder(folder), name), JSON.stringify(answer));
    rmSync(path, { force: true });
  }
  return letters.length;
}

async function answerTo(path: string, work: (asked: Asked) => Promise<Result<string>>): Promise<Result<string>> {
  let asked: Asked;
  try {
    asked = Asked.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return refuse('certificate-asked-unreadable', 'This question about certificates cannot be read.', { where: path });
  }
  return work(asked);
}

/** The command line's side: resolves with the hub's answer, or refuses `hub-silent` after this long. */
export async function askHub(folder: string, asked: Asked, patienceMilliseconds = 30_000): Promise<Result<string>> {
  makeMailbox(folder);
  const name = `${randomUUID()}.json`;
  const answer = join(answeredFolder(folder), name);
  const arrived = Promise.withResolvers<Result<string> | undefined>();
  const look = () => {
    const found = readAnswer(answer);
    if (found !== undefined) arrived.resolve(found);
  };
  const watcher = watch(answeredFolder(folder), look);
  const patience = setTimeout(() => arrived.resolve(undefined), patienceMilliseconds);
  try {
    put(join(askedFolder(folder), name), JSON.stringify(asked));
    look();
    const found = await arrived.promise;
    if (found !== undefined) return found;
    rmSync(join(askedFolder(folder), name), { force: true });
    return refuse('hub-silent', 'Reflexe holds this data folder and does not answer.', {
      where: folder,
      kept: 'Nothing was issued.',
      cure: 'A hub on localhost has no certificates: start it on an address of the network (--host), or stop it and ask again.',
      retryable: true,
    });
  } finally {
    clearTimeout(patience);
    watcher.close();
    rmSync(answer, { force: true });
  }
}

function readAnswer(path: string): Result<string> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const { data } = Answered.safeParse(JSON.parse(text));
  if (data === undefined) return undefined;
  if (data.ok) return accept(data.value);
  const { where, expected, kept, cure, ...rest } = data.refusal;
  return {
    ok: false,
    refusal: {
      ...rest,
      ...(where === undefined ? {} : { where }),
      ...(expected === undefined ? {} : { expected }),
      ...(kept === undefined ? {} : { kept }),
      ...(cure === undefined ? {} : { cure }),
    },
  };
}

/** Whole or not at all. */
function put(path: string, text: string): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
