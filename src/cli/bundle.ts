import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { collect, sumsText } from '../adapters/bundle/collect.ts';
import { type About, describe, type Source, writeBundle } from '../adapters/bundle/write.ts';
import { formatVersion } from '../adapters/sqlite/journalDatabase.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { hospitalEvents } from '../main/hospital.ts';
import { answer, language, progress } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Options {
  out: string;
  signKey?: string;
  build: boolean;
}

interface Bundled {
  ok: true;
  file: string;
  release: string;
  platform: string;
  bytes: number;
  sha256: string;
  files: number;
  unpackedBytes: number;
  signed: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export async function makeBundle({ out, signKey, build }: Options): Promise<Result<Bundled>> {
  const key = signKey === undefined ? accept(undefined) : privateKeyIn(signKey);
  if (!key.ok) return key;
  const built = build ? buildFirst() : accept(undefined);
  if (!built.ok) return built;
  const collected = collect(root);
  if (!collected.ok) return collected;
  const sources = [...collected.value, ...pinned(key.value)];
  const about = aboutThis();
  const first = await describe(about, sources);
  // Read by `sha256sum -c` where nothing of ours runs yet.
  sources.push({ path: 'SHA256SUMS', mode: 0o644, content: Buffer.from(sumsText(first.files)) });
  const manifest = await describe(about, sources);
  const { sha256, bytes } = await writeBundle(out, manifest, sources, key.value);
  return accept({
    ok: true,
    file: out,
    release: about.release,
    platform: `${about.platform}-${about.architecture}`,
    bytes,
    sha256,
    files: manifest.files.length,
    unpackedBytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    signed: key.value !== undefined,
  });
}

/** In a checkout the sources may be newer than what was built of them; an installed version is what it is. */
function buildFirst(): Result<undefined> {
  if (!existsSync(join(root, 'src'))) return accept(undefined);
  progress({ fr: 'Construction…', en: 'Building…' });
  const done = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status === 0) return accept(undefined);
  return refuse('bundle-not-built', 'The build failed; its own message is above.', {
    where: root,
    kept: 'no file was written',
  });
}

function aboutThis(): About {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const release = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return {
    release: String(release),
    platform: process.platform,
    architecture: process.arch,
    node: process.versions.node,
    made: new Date().toISOString(),
    journalFormat: formatVersion,
    events: Object.fromEntries([...hospitalEvents].map(([type, { version }]) => [type, version])),
  };
}

function privateKeyIn(file: string): Result<KeyObject> {
  try {
    const key = createPrivateKey(readFileSync(file, 'utf8'));
    if (key.asymmetricKeyType === 'ed25519') return accept(key);
  } catch {
    // Not there, or no key.
  }
  return refuse('sign-key-unreadable', 'The key to sign with cannot be read.', {
    where: file,
    expected: 'an Ed25519 private key in PEM: openssl genpkey -algorithm ed25519',
    kept: 'no file was written',
  });
}

/** The first installation trusts this key for every later update. */
const pinned = (key: KeyObject | undefined): Source[] =>
  key === undefined
    ? []
    : [
        {
          path: 'update-key.pem',
          mode: 0o644,
          content: Buffer.from(createPublicKey(key).export({ format: 'pem', type: 'spki' })),
        },
      ];

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'bundle', 'bundle --out reflexe.tar.gz --sign-key release-key.pem')
    .requiredOption('--out <file>', french ? 'le fichier à écrire (.tar.gz)' : 'the file to write (.tar.gz)')
    .option(
      '--sign-key <pem>',
      french
        ? 'clé privée Ed25519 qui signe ; sans elle, aucune mise à jour ne l’acceptera'
        : 'Ed25519 private key that signs; without it no update will take it',
    )
    .option('--no-build', french ? 'emballe ce qui est déjà construit' : 'bundle what is already built')
    .action(async (options: Options, command: Command) => {
      answer(command, await makeBundle(options), rendered);
    });
}

function rendered({ file, release, platform, bytes, sha256, files, signed }: Bundled, inLanguage: Language): string {
  const megabytes = Math.round(bytes / 1_000_000);
  return inLanguage === 'fr'
    ? [
        `${file} : Reflexe ${release} pour ${platform}, ${files} fichiers, ${megabytes} Mo${signed ? ', signé' : ', NON signé'}.`,
        `SHA-256 à publier ou à imprimer : ${sha256}`,
        'Installer : tar -xzf, puis sh install.sh (docs/install.md).',
      ].join('\n')
    : [
        `${file}: Reflexe ${release} for ${platform}, ${files} files, ${megabytes} MB${signed ? ', signed' : ', NOT signed'}.`,
        `SHA-256 to publish or print: ${sha256}`,
        'To install: tar -xzf, then sh install.sh (docs/install.md).',
      ].join('\n');
}
