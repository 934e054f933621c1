import { z } from 'zod';
import { Refused, refuse } from '../../../journal/result.ts';
import { Damaged, Missing } from '../repository/damaged.ts';
import type { FileKind, RepositoryFiles } from '../repository/files.ts';
import type { RestServer } from './address.ts';
import { type Answer, type Asked, Asking, type Wanted } from './asking.ts';

/** Names alone in the protocol's first version, with their sizes in its second (restic, doc/REST_backend.rst). */
const Names = z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]));
const secondVersion = 'application/vnd.x.restic.rest.v2';
/** An index of a few megabytes at most, a list of some million packs. */
const documentBytesMax = 256 * 1024 * 1024;
const isName = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

/** The files of a repository behind a server that speaks restic's REST protocol (`rclone serve restic`, rest-server). */
export class RestFiles implements RepositoryFiles {
  readonly at: RestServer;
  readonly place: string;
  readonly #asking: Asking;

  constructor(server: RestServer, signal?: AbortSignal) {
    this.at = server;
    this.place = `rest:${server.url}`;
    this.#asking = new Asking(server, signal);
  }

  async list(kind: FileKind): Promise<string[]> {
    const answer = await this.#ask('GET', `${kind}/`, {
      headers: { accept: secondVersion },
      bytesMax: documentBytesMax,
    });
    if (answer.status === 404) return [];
    const names = answer.status === 200 ? Names.safeParse(json(answer.body)) : undefined;
    if (names?.success !== true) throw this.#noSuchServer(`asked for a list, it answers ${answer.status}`);
    return [...new Set(names.data.filter(isName))].toSorted();
  }

  async read(kind: FileKind, name: string): Promise<Buffer> {
    const { body } = told(
      await this.#ask('GET', pathOf(kind, name), { bytesMax: documentBytesMax }),
      `${kind} ${name}`,
      200,
    );
    return body;
  }

  async readPart(pack: string, offset: number, length: number, room?: Buffer): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    const headers = { range: `bytes=${offset}-${offset + length - 1}` };
    const answer = await this.#ask('GET', pathOf('data', pack), { headers, bytesMax: length, room });
    // The index promises what the pack does not hold.
    if (answer.status === 416) return Buffer.alloc(0);
    if (answer.status === 200) throw this.#noSuchServer('asked for a part of a file, it sends the whole');
    return told(answer, `pack ${pack}`, 206).body;
  }

  async packBytes(pack: string): Promise<number> {
    const { headers } = told(await this.#ask('HEAD', pathOf('data', pack), nothing), `pack ${pack}`, 200);
    const bytes = Number(headers['content-length']);
    if (!Number.isSafeInteger(bytes)) throw new Damaged(`pack ${pack}`, 'its server does not say how long it is');
    return bytes;
  }

  async writtenAt(kind: FileKind, name: string): Promise<string | undefined> {
    const { headers } = await this.#ask('HEAD', pathOf(kind, name), nothing);
    const date = new Date(headers['last-modified'] ?? '');
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  }

  #noSuchServer(kept: string): Refused {
    const { refusal } = refuse('backup-unreachable', 'What answers there is no server of restic repositories.', {
      where: this.place,
      expected: 'a server that speaks restic’s REST protocol',
      kept,
      cure: 'Check the address.',
    });
    return new Refused(refusal);
  }

  #ask(method: Asked, path: string, wanted: Wanted): Promise<Answer> {
    return this.#asking.ask(method, path, wanted);
  }
}

const nothing: Wanted = { bytesMax: 0 };

const pathOf = (kind: FileKind, name: string): string => (kind === 'config' ? 'config' : `${kind}/${name}`);

/** The answer, if it is what was asked for. */
function told(answer: Answer, what: string, status: number): Answer {
  if (answer.status === 404) throw new Missing(what);
  if (answer.status !== status) throw new Damaged(what, `cannot be read (its server answers ${answer.status})`);
  return answer;
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
