import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Refusal, Result } from '../../src/journal/result.ts';
import type { HospitalCommand, HospitalState } from '../../src/main/hospital.ts';

const script = fileURLToPath(new URL('./establishment-child.ts', import.meta.url));

export interface HubFolders {
  data: string;
  configuration: string;
  secrets: string;
  socket: string;
  /** Of the helper; only shown in the command that starts a missing one. */
  state: string;
  programs: string;
}

export interface HubLife {
  /** Expressions; at the first event whose line matches one, it kills itself. */
  dieAt?: readonly string[];
  as?: { uid: number; gid: number };
  /** A command that runs the hub, its words before the hub's own. */
  through?: readonly string[];
}

export interface ToldEvent {
  event: string;
  sequence: number;
  data: { [name: string]: unknown };
}

type Line = Partial<ToldEvent> & {
  ready?: true;
  refused?: Refusal;
  trouble?: string;
  why?: string;
  blocked?: (Refusal | null)[];
  id?: number;
  answer?: unknown;
};

/** One life of a hub in a process of its own, for tests that end it at a chosen moment. */
export class KillableHub {
  readonly events: ToldEvent[] = [];
  readonly troubles: string[] = [];
  /** What each recovery says keeps it from its room, as last told. */
  blocked: (Refusal | null)[] = [];
  refused: Refusal | undefined;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  readonly #waiting = new Set<() => void>();
  isReady = false;
  #how: string | undefined;
  #complaints = '';
  #lastId = 0;

  constructor(folders: HubFolders, { dieAt = [], as, through = [] }: HubLife = {}) {
    const options = Object.entries(folders).flatMap(([name, value]) => [`--${name}`, value]);
    const own = [process.execPath, script, ...options, ...dieAt.flatMap((text) => ['--die-at', text])];
    const [command = process.execPath, ...words] = [...through, ...own];
    this.#child = spawn(command, words, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
      ...as,
    });
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000);
    });
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => {
        this.#how = signal ?? `status ${code}`;
        this.#wake();
        resolve(this.#how);
      }),
    );
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ready(): Promise<true> {
    return this.until('ready', () => this.isReady || undefined);
  }

  /** Resolves with what `look` finds, looking again after each line it tells; rejects when it ends before. */
  until<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const again = () => {
        const found = look();
        if (found !== undefined) resolve(found);
        else if (this.#how !== undefined)
          reject(new Error(`the hub ended (${this.#how}) before: ${what}. ${this.#complaints}`));
        else return;
        this.#waiting.delete(again);
      };
      this.#waiting.add(again);
      again();
    });
  }

  event(type: string, data: { [name: string]: unknown } = {}): Promise<ToldEvent> {
    return this.until(`${type} ${JSON.stringify(data)}`, () =>
      this.events.find(
        (told) => told.event === type && Object.entries(data).every(([name, value]) => told.data[name] === value),
      ),
    );
  }

  async submit(command: HospitalCommand): Promise<Result<unknown>> {
    // The child answers what its queue answered.
    return (await this.#ask({ command })) as Result<unknown>;
  }

  async state(): Promise<HospitalState> {
    return (await this.#ask({ state: true })) as HospitalState;
  }

  async openings(): Promise<{ component: string; inside: number; port: number }[]> {
    return (await this.#ask({ openings: true })) as { component: string; inside: number; port: number }[];
  }

  /** Its whole journal, the lives before this one included. */
  async journal(): Promise<ToldEvent[]> {
    return (await this.#ask({ events: true })) as ToldEvent[];
  }

  async verifyJournal(): Promise<{ ok: boolean; entries: number }> {
    return (await this.#ask({ verify: true })) as { ok: boolean; entries: number };
  }

  /** Resolves once it is gone, however it went: `SIGKILL`, `status 0`… */
  ended(): Promise<string> {
    return this.#ended;
  }

  kill9(): Promise<string> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  /** Ends it as a service manager would, its work given back in order. */
  stop(): Promise<string> {
    this.#child.stdin?.end();
    return this.#ended;
  }

  #ask(what: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, resolve);
      void this.#ended.then((how) =>
        reject(new Error(`the hub ended (${how}) before it answered. ${this.#complaints}`)),
      );
      this.#child.stdin?.write(`${JSON.stringify({ id, ...what })}\n`);
    });
  }

  #hear(line: Line): void {
    const { event, sequence, data } = line;
    if (event !== undefined && sequence !== undefined && data !== undefined)
      this.events.push({ event, sequence, data });
    if (line.ready) this.isReady = true;
    if (line.blocked !== undefined) this.blocked = line.blocked;
    if (line.refused !== undefined) this.refused = line.refused;
    if (line.trouble !== undefined) this.troubles.push(`${line.trouble}: ${line.why ?? ''}`);
    if (line.id !== undefined) {
      this.#answers.get(line.id)?.(line.answer);
      this.#answers.delete(line.id);
    }
    this.#wake();
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }
}
