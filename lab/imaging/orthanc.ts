import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onFreePorts } from '../run/ports.ts';
import { startService } from '../run/programs.ts';
import { makeFolder, type Run } from '../run/run.ts';
import { Fatal, until } from '../run/waiting.ts';

export const AE_TITLE = 'VALSEREIN';

export interface Archive {
  httpUrl: string;
  dicomWebUrl: string;
  dicomPort: number;
  aeTitle: string;
  /** Index and images: what is backed up, attacked and restored. */
  storageFolder: string;
}

const PLUGIN_FOLDERS = ['/usr/share/orthanc/plugins', '/usr/lib/orthanc'];

/** Debian names the library with its version below /usr/lib and links to it from /usr/share. */
function dicomWebPlugin(): string {
  for (const folder of PLUGIN_FOLDERS.filter(existsSync)) {
    const name = readdirSync(folder).find((one) => /^libOrthancDicomWeb\.so/.test(one));
    if (name) return join(folder, name);
  }
  throw new Error('the DICOMweb plugin of Orthanc is missing: install the package orthanc-dicomweb');
}

/** Settings of the archive, but for where it listens and stores. */
const SETTINGS = {
  Name: 'Imagerie du Val-Serein',
  // Images are always read from the disk: a small archive must not answer from memory what its storage has lost.
  MaximumStorageCacheSize: 0,
  StorageCompression: false,
  SyncStorageArea: true,
  OrthancExplorerEnabled: false,
  WebDavEnabled: false,
  RemoteAccessAllowed: false,
  AuthenticationEnabled: false,
  // Orthanc's DICOM port cannot be bound to loopback: from elsewhere it answers C-ECHO only.
  DicomAlwaysAllowEcho: true,
  DicomAlwaysAllowStore: false,
  DicomAlwaysAllowFind: false,
  DicomAlwaysAllowGet: false,
  DicomAlwaysAllowMove: false,
  DicomCheckModalityHost: true,
  DicomCheckCalledAet: true,
  StableAge: 1,
  DicomWeb: { Enable: true, Root: '/dicom-web/', EnableWado: false },
};

export async function startArchive(run: Run): Promise<Archive> {
  const storageFolder = makeFolder(run, 'imaging', 'services');
  const temporary = makeFolder(run, 'run/orthanc', 'services');
  return onFreePorts(2, async ([httpPort = 0, dicomPort = 0]) => {
    const configuration = join(temporary, 'orthanc.json');
    const modalities = Object.fromEntries(
      ['REFLEXE', 'ECHOSCU', 'SCANNER'].map((aet) => [aet, [aet, '127.0.0.1', 104]]),
    );
    writeFileSync(
      configuration,
      JSON.stringify({
        ...SETTINGS,
        StorageDirectory: storageFolder,
        IndexDirectory: storageFolder,
        TemporaryDirectory: temporary,
        Plugins: [dicomWebPlugin()],
        HttpPort: httpPort,
        DicomPort: dicomPort,
        DicomAet: AE_TITLE,
        DicomModalities: modalities,
      }),
    );
    const service = await startService(run, {
      what: 'orthanc',
      command: '/usr/sbin/Orthanc',
      args: [configuration],
      as: 'services',
      endsOn: 'SIGKILL',
    });
    const httpUrl = `http://127.0.0.1:${httpPort}`;
    await until(
      'Orthanc answers',
      20,
      async () => {
        const ended = service.ended();
        if (ended) throw new Fatal(ended);
        const answer = await fetch(`${httpUrl}/system`, { signal: AbortSignal.timeout(2_000) });
        await answer.body?.cancel();
        return answer.ok || undefined;
      },
      run.signal,
    );
    return { httpUrl, dicomWebUrl: `${httpUrl}/dicom-web`, dicomPort, aeTitle: AE_TITLE, storageFolder };
  });
}

const UPLOADS_AT_ONCE = 4;

/** Stores images through Orthanc's REST interface; returns how many it took. */
export async function storeStudies(
  archive: Archive,
  studies: Iterable<Buffer[]>,
  signal: AbortSignal,
): Promise<number> {
  const waiting = [...studies].flat();
  const total = waiting.length;
  const worker = async () => {
    for (let file = waiting.pop(); file; file = waiting.pop()) {
      const answer = await fetch(`${archive.httpUrl}/instances`, {
        method: 'POST',
        body: new Uint8Array(file),
        signal,
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(`Orthanc refused an image: ${answer.status} ${said.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, worker));
  return total;
}
