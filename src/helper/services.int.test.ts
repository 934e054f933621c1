import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createConnection, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanRoom, type HelperClient } from '../adapters/cleanRoom/cleanRoom.ts';
import { type StartedHelper, startHelper } from '../adapters/cleanRoom/startHelper.ts';
import type { Result } from '../journal/result.ts';
import { cannotMakeRooms, Ground } from './fixtures/ground.ts';
import { findAccount } from './room/accounts.ts';

const initdb = '/usr/lib/postgresql/15/bin/initdb';
const orthanc = '/usr/sbin/Orthanc';
const cannot = cannotMakeRooms(initdb, orthanc, '/usr/share/orthanc/plugins/libOrthancDicomWeb.so');
const root = fileURLToPath(new URL('../..', import.meta.url));

let ground: Ground;
let helper: StartedHelper;
let room: HelperClient;

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};

function get(socketPath: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const read = (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    };
    request({ socketPath, path }, read).on('error', reject).end();
  });
}

async function query(gateway: string | undefined, sql: string): Promise<unknown> {
  // pg connects the stream it is given to a host and port; this one knows only the gateway.
  const stream = new Socket();
  const connect = stream.connect.bind(stream);
  stream.connect = () => connect({ path: gateway ?? '' });
  const client = new Client({ user: 'postgres', database: 'postgres', stream: () => stream });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const databaseSpec = () => ({
  id: 'site:dpi-base',
  program: 'postgresql-15',
  dataDirectory: `${ground.room}/database`,
  listens: [5432],
  reaches: [],
  settings: { authentication: 'trust', gatewayAuthentication: 'trust', sharedBuffersMegabytes: 16 },
});

describe('real services as members', () => {
  beforeAll(async () => {
    if (cannot !== undefined) return;
    ground = new Ground({
      'application-of-tests': {
        executable: process.execPath,
        arguments: ['/opt/app/src/helper/fixtures/application.ts', '{port}', '{setting.database}'],
        user: 'nobody',
        readOnly: [
          { from: process.execPath, to: process.execPath },
          { from: `${root}package.json`, to: '/opt/app/package.json' },
          { from: `${root}node_modules`, to: '/opt/app/node_modules' },
          { from: `${root}src/helper/fixtures`, to: '/opt/app/src/helper/fixtures' },
        ],
        settings: { database: { kind: 'endpoint' } },
      },
    });
    helper = value(
      await startHelper({ socket: ground.socket, state: ground.state, programs: ground.programs, lifeline: true }),
    );
    room = cleanRoom({ socket: ground.socket });
    value(await room.open({ id: 'recovery', epoch: 3, folder: ground.room }));
    const postgres = value(findAccount('postgres'));
    const database = ground.data('database', postgres.uid);
    // initdb refuses root, and a folder it cannot reach: it is made beside the room, then moved in, as a restoration would.
    const made = `${ground.base}/made`;
    mkdirSync(made);
    chownSync(made, postgres.uid, postgres.gid);
    chownSync(ground.base, postgres.uid, postgres.gid);
    execFileSync(
      '/usr/bin/setpriv',
      [
        `--reuid=${postgres.uid}`,
        `--regid=${postgres.gid}`,
        '--clear-groups',
        '--',
        initdb,
        '-D',
        `${made}/data`,
        '--auth=trust',
        '--no-sync',
        '-U',
        'postgres',
      ],
      { env: {}, cwd: '/' },
    );
    chownSync(ground.base, 0, 0);
    execFileSync('/usr/bin/mv', ['-T', `${made}/data`, database]);
  });
  afterAll(async () => {
    if (cannot !== undefined) return;
    await room.disconnect();
    await helper.stop();
    const left = ground.leftovers();
    ground.remove();
    expect(left).toEqual([]);
  });

  it('runs PostgreSQL on restored data as its own user, reached through the gateway', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const database = value(await room.start('recovery', databaseSpec()));
    await query(database.gateway['5432'], 'create table patient as select generate_series(1, 1234) as id; checkpoint');
    expect(await query(database.gateway['5432'], 'select count(*)::int as n from patient')).toEqual([{ n: 1234 }]);
    expect(await query(database.gateway['5432'], 'show archive_mode')).toEqual([{ archive_mode: 'off' }]);
    expect(statSync(databaseSpec().dataDirectory).uid).toBe(value(findAccount('postgres')).uid);
  });

  it('stops PostgreSQL so that its data are left in order', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    value(await room.stop('recovery', 'site:dpi-base'));
    expect(existsSync(`${ground.room}/database/postmaster.pid`)).toBe(false);
    const control = execFileSync('/usr/lib/postgresql/15/bin/pg_controldata', [`${ground.room}/database`], {
      encoding: 'utf8',
    });
    expect(control).toMatch(/cluster state: +shut down\n/);
    value(await room.start('recovery', databaseSpec()));
  });

  it('runs Orthanc, which answers DICOMweb and listens for DICOM', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    ground.data('imaging');
    const imaging = value(
      await room.start('recovery', {
        id: 'site:pacs',
        program: 'orthanc',
        dataDirectory: `${ground.room}/imaging`,
        listens: [8042, 104],
        reaches: [],
        settings: { aet: 'PACS' },
      }),
    );
    expect(await get(imaging.gateway['8042'] ?? '', '/dicom-web/studies')).toEqual({ status: 200, text: '[]' });
    expect(JSON.parse((await get(imaging.gateway['8042'] ?? '', '/system')).text)).toMatchObject({
      DicomAet: 'PACS',
      DicomPort: 104,
    });
    await new Promise<void>((resolve, reject) => {
      // Left open, it would keep Orthanc from ending: it waits for its associations.
      const association = createConnection(imaging.gateway['104'] ?? '', () => association.destroy());
      association.on('error', reject).on('close', () => resolve());
    });
  });

  it('runs an application that reads the database of its room, and nothing it was not told of', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    ground.data('application');
    const spec = {
      id: 'site:dpi',
      program: 'application-of-tests',
      dataDirectory: `${ground.room}/application`,
      listens: [8080],
      reaches: [{ member: 'site:dpi-base', port: 5432 }],
      settings: { database: 'site:dpi-base' },
    };
    const application = value(await room.start('recovery', spec));
    expect(await get(application.gateway['8080'] ?? '', '/')).toEqual({ status: 200, text: '{"patients":1234}' });
    const refused = await room.start('recovery', {
      ...spec,
      id: 'site:other',
      dataDirectory: ground.data('other'),
      settings: { database: 'site:pacs' },
    });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'settings-refused' } });
  });

  it('proves all of them isolated, each from inside', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const proof = value(await room.proveIsolation('recovery'));
    expect(proof.attempts.filter(({ escaped }) => escaped)).toEqual([]);
    for (const id of ['site:dpi-base', 'site:pacs', 'site:dpi']) {
      expect(proof.attempts.filter(({ target }) => target.startsWith(id)).length).toBeGreaterThan(40);
    }
    // The application's declared port is no escape; the database's way back to the application is tried and shut.
    const tried = proof.attempts.filter(({ path }) => path === 'undeclared-port').map(({ target }) => target);
    expect(tried).not.toContain('site:dpi → site:dpi-base port 5432');
    expect(tried).toContain('site:dpi-base → site:dpi port 8080');
  });

  it('refuses, with what to do, a program that cannot start on its data', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    writeFileSync(`${ground.data('broken')}/PG_VERSION`, '9.1\n');
    const started = await room.start('recovery', {
      ...databaseSpec(),
      id: 'site:broken',
      dataDirectory: `${ground.room}/broken`,
    });
    expect(started).toMatchObject({ ok: false, refusal: { code: 'member-not-ready', where: 'site:broken' } });
    if (!started.ok) expect(started.refusal.cure).toMatch(/read .*\.log/);
  });
});
