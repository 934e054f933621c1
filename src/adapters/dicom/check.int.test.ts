import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tryCheck } from '../fixtures/checking.ts';
import { freePort, installed, startService, temporaryFolder } from '../fixtures/service.ts';

const orthanc = installed('/usr/sbin/Orthanc', '/usr/bin/Orthanc');
const storescp = installed('/usr/bin/storescp');

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

describe('dicom check', () => {
  test('Orthanc answers the echo; a called name it does not have is refused', async (context) => {
    if (orthanc === undefined) return context.skip('Orthanc is not installed');
    await using folder = await temporaryFolder();
    const [httpPort, port] = [await freePort(), await freePort()];
    const configuration = join(folder.path, 'orthanc.json');
    await mkdir(join(folder.path, 'storage'));
    const settings = {
      StorageDirectory: join(folder.path, 'storage'),
      IndexDirectory: join(folder.path, 'storage'),
      HttpPort: httpPort,
      DicomPort: port,
    };
    await writeFile(
      configuration,
      JSON.stringify({
        ...settings,
        DicomAet: 'PACS',
        DicomCheckCalledAet: true,
        DicomAlwaysAllowEcho: true,
        Plugins: [],
        RemoteAccessAllowed: false,
        AuthenticationEnabled: false,
      }),
    );
    const ask = (more: object = {}) =>
      tryCheck({ kind: 'dicom', host: '127.0.0.1', port, calledAeTitle: 'PACS', ...more });
    {
      await using archive = await startService({ command: orthanc, args: [configuration], ready: () => isOpen(port) });
      expect(archive.pid).toBeGreaterThan(0);
      expect(await ask()).toMatchObject({ verdict: 'pass', code: 'ok', measured: { status: 0 } });
      expect(await ask({ calledAeTitle: 'OTHER' })).toMatchObject({ verdict: 'fail', code: 'dicom-rejected' });
    }
    expect(await ask()).toMatchObject({ verdict: 'fail', code: 'tcp-refused' });
  });

  test('DCMTK answers too', async (context) => {
    if (storescp === undefined) return context.skip('storescp of DCMTK is not installed');
    await using folder = await temporaryFolder();
    const port = await freePort();
    await using _peer = await startService({
      command: storescp,
      args: ['--ignore', '-aet', 'STORE', String(port)],
      cwd: folder.path,
      ready: () => isOpen(port),
    });
    expect(await tryCheck({ kind: 'dicom', host: '127.0.0.1', port, calledAeTitle: 'STORE' })).toMatchObject({
      verdict: 'pass',
    });
  });
});
