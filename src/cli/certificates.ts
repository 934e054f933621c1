import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../adapters/certificates/authority.ts';
import { CertificateFolder, type IssuedRecord, namesOfCertificate } from '../adapters/certificates/folder.ts';
import { type Asked, askHub } from '../adapters/certificates/mailbox.ts';
import { DataKeys } from '../adapters/keys/dataKeys.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { keyFileBeside } from '../main/dataKeys.ts';
import { certificatesFolder } from '../main/transport.ts';
import { dataFolderOf } from './dataFolder.ts';
import type { KeysOptions } from './keysDesk.ts';

/** A certificate as the verbs print it. */
export interface CertificateShown {
  serial: string;
  role: 'hub' | 'site' | 'box';
  id: string | null;
  names: string[];
  notBefore: string;
  notAfter: string;
  fingerprint: string;
  revoked: { at: string; reason: string } | null;
}

export function shownCertificate({ for: whom, ...rest }: IssuedRecord): CertificateShown {
  const { serial, names, notBefore, notAfter, fingerprint, revoked } = rest;
  const [role, id] = whom === 'hub' ? (['hub', null] as const) : ([whom.role, whom.id] as const);
  return { serial, role, id, names, notBefore, notAfter, fingerprint, revoked };
}

/** The folder of a hub that was opened to the network once; its public half needs no key. */
export function foundFolder(dataFolder: string): Result<CertificateFolder> {
  const path = certificatesFolder(dataFolder);
  if (existsSync(join(path, 'authority.json'))) return accept(new CertificateFolder(path));
  return refuse('certificates-missing', 'This hub has no authority yet.', {
    where: path,
    expected: 'a hub started once on an address of the network',
    kept: 'Nothing was changed.',
    cure: 'reflexe start --host 0.0.0.0 --public-url https://NAME:8420',
  });
}

/** Asks the hub that runs, which alone holds the keys; where none runs, opens them and does it here. */
export async function signed(options: KeysOptions, asked: Asked): Promise<Result<string>> {
  const dataFolder = dataFolderOf(options);
  const found = foundFolder(dataFolder);
  if (!found.ok) return found;
  const keys = await DataKeys.open({
    dataFolder,
    keyFile: options.keyFile ?? keyFileBeside(dataFolder),
    now: Date.now,
  });
  if (!keys.ok) return keys.refusal.code === 'journal-in-use' ? askHub(found.value.path, asked) : keys;
  try {
    if (keys.value.isLocked) {
      return refuse('keys-locked', 'The keys of this hub wait for people.', {
        where: dataFolder,
        kept: 'Nothing was issued.',
        cure: 'Start Reflexe, unlock it, and ask again while it runs.',
      });
    }
    return await signedHere(found.value, asked, keys.value);
  } finally {
    await keys.value.close();
  }
}

async function signedHere(folder: CertificateFolder, asked: Asked, keys: DataKeys): Promise<Result<string>> {
  const hub = folder.hub();
  const authority = await Authority.open(
    {
      folder: folder.path,
      establishment: 'Reflexe',
      sealer: keys.columns,
      // What it is for does not change here: only a hub that starts knows the addresses of its machine.
      names: hub === undefined ? ['localhost'] : namesOfCertificate(hub.certificate),
      now: Date.now,
    },
    asked.what === 'renew' && asked.authority,
  );
  if (!authority.ok) return authority;
  if (asked.what === 'issue') return authority.value.issue({ role: asked.role, id: asked.id }, asked.request);
  const renewed = await authority.value.renewHub();
  return renewed.ok ? accept(renewed.value.certificate) : renewed;
}
