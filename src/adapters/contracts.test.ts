import { networkCheckContract, PLANTED_SECRET } from '../detect/check.contract.ts';
import type { CheckEdge } from '../detect/ports.ts';
import { accept } from '../journal/result.ts';
import { checkKinds } from './all.ts';
import { realClock } from './scheduler/clock.ts';
import { limitedCheck } from './scheduler/limited.ts';

const edge: CheckEdge = {
  secrets: { read: async () => accept(PLANTED_SECRET) },
  clock: realClock,
  folder: '/nowhere',
  backup: () => undefined,
};

/** What each kind needs beside an address. */
const settings: { [kind: string]: (host: string, port: number) => object } = {
  tcp: (host, port) => ({ host, port }),
  http: (host, port) => ({
    url: `http://${host}:${port}/`,
    authorization: { user: 'reader', secret: 'planted' },
    expect: { bodyContains: 'ready' },
  }),
  postgresql: (host, port) => ({ host, port, database: 'ehr', user: 'reader', secret: 'planted' }),
  fhir: (host, port) => ({ baseUrl: `http://${host}:${port}/fhir`, authorization: { bearer: 'planted' } }),
  mllp: (host, port) => ({ host, port }),
  dicom: (host, port) => ({ host, port, calledAeTitle: 'PACS' }),
  nut: (host, port) => ({ host, port, ups: 'ups' }),
};

for (const [kind, own] of Object.entries(settings)) {
  networkCheckContract(kind, {
    check({ host, port }, timeoutMilliseconds) {
      const found = checkKinds.find((one) => one.kind === kind);
      const entry = {
        id: 'subject',
        component: 'it',
        kind,
        every: '10m',
        timeout: `${timeoutMilliseconds}ms`,
        ...own(host, port),
      };
      const read = found?.read(entry, { queries: {} });
      if (read === undefined || 'problems' in read) throw new Error(`cannot make ${kind}: ${JSON.stringify(read)}`);
      return limitedCheck(read.check, edge);
    },
  });
}
