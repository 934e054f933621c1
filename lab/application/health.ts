import { access } from 'node:fs/promises';
import { askAfresh } from './database.ts';
import { documentsFolder, readDocument } from './documents.ts';
import type { Imaging } from './imaging.ts';
import type { Settings } from './settings.ts';

export interface Health {
  status: 'up' | 'down';
  checks: { name: 'database' | 'imaging' | 'documents'; ok: boolean; reason?: string; milliseconds: number }[];
}

/**
 * Whether the application can truly serve: a new database session reads rows, an image and a report are read whole.
 * What it found is never remembered; questions asked while one runs share its answer.
 */
export class HealthCheck {
  readonly #settings: Settings;
  readonly #imaging: Imaging;
  #turn = 0;
  #running: Promise<Health> | undefined;

  constructor(settings: Settings, imaging: Imaging) {
    this.#settings = settings;
    this.#imaging = imaging;
  }

  ask(): Promise<Health> {
    this.#running ??= this.#check().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #check(): Promise<Health> {
    const turn = this.#turn++;
    const checks = await Promise.all([
      timed('database', async () => {
        await askAfresh(this.#settings, 'select (select count(*) from patient), (select count(*) from lab_result)');
      }),
      timed('imaging', async () => {
        await this.#imaging.readSomeImage(turn);
      }),
      timed('documents', () => this.#readSomeReport(turn)),
    ]);
    return { status: checks.every(({ ok }) => ok) ? 'up' : 'down', checks };
  }

  async #readSomeReport(turn: number): Promise<void> {
    const folder = this.#settings.dataFolder;
    await access(documentsFolder(folder));
    const pick = `select path, sha256 from document order by id offset ${turn} % greatest(1, (select count(*) from document)) limit 1`;
    const [row] = await askAfresh(this.#settings, pick).catch(() => {
      throw new Error('the list of reports cannot be read');
    });
    if (row) await readDocument(folder, { path: String(row.path), sha256: String(row.sha256) });
  }
}

async function timed(
  name: Health['checks'][number]['name'],
  check: () => Promise<void>,
): Promise<Health['checks'][number]> {
  const start = performance.now();
  const milliseconds = () => Math.round(performance.now() - start);
  try {
    await check();
    return { name, ok: true, milliseconds: milliseconds() };
  } catch (error) {
    return {
      name,
      ok: false,
      reason: error instanceof Error ? error.message : String(error),
      milliseconds: milliseconds(),
    };
  }
}
