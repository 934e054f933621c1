import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { canRead } from './journalNeeds.ts';

const kept = fileURLToPath(new URL('../../journal/fixtures/release-0.1', import.meta.url));
const version = (events: { [type: string]: number }, journalFormat = 1) => ({
  release: '9.9.9',
  journalFormat,
  events,
});

it('a version is held to every event of the journal, by entry; where there is none, to nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-needs-'));
  try {
    await cp(kept, join(folder, 'journal'), { recursive: true });
    const knows = { NoteTaken: 1, NoteStruck: 1, WardsListed: 1 };
    expect(await canRead(version({ ...knows, NoteTaken: 3 }), folder)).toEqual({ ok: true, value: undefined });
    expect(await canRead(version({ NoteTaken: 1, NoteStruck: 1 }), folder)).toMatchObject({
      refusal: { code: 'update-cannot-read-journal', message: expect.stringContaining('entry 9 is a WardsListed') },
    });
    expect(await canRead(version({ ...knows, NoteTaken: 0 }), folder)).toMatchObject({
      refusal: { message: expect.stringContaining('entry 1 is a NoteTaken of version 1') },
    });
    expect(await canRead(version(knows, 0), folder)).toMatchObject({
      refusal: { message: expect.stringContaining('format 1') },
    });
    expect(await canRead(version({}), join(folder, 'nowhere'))).toEqual({ ok: true, value: undefined });
  } finally {
    await rm(folder, { recursive: true });
  }
});
