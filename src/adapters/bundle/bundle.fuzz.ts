import { Refused } from '../../journal/result.ts';
import { compareReleases, parseManifest } from './manifest.ts';
import { isInside, readTar, writeTar } from './tar.ts';

const files = [
  { path: 'manifest.json', content: '{"kind":"reflexe"}' },
  { path: `bin/${'long/'.repeat(30)}node`, content: 'x'.repeat(700) },
];
const archives: Uint8Array[] = [];
for (const chosen of [files.slice(0, 1), files]) {
  const pieces: Uint8Array[] = [];
  const entries = chosen.map(({ path, content }) => ({
    path,
    bytes: content.length,
    mode: 0o644,
    content: async function* () {
      yield Buffer.from(content);
    },
  }));
  for await (const piece of writeTar(entries, 1_772_000_000)) pieces.push(piece);
  archives.push(Buffer.concat(pieces));
}
/** What a bundle, an archive of many, may hold before its signature is believed. */
const bytesMax = 1_048_576;

/** An archive that somebody brings on a stick: paths that stay inside, sizes that are what is there, or a refusal. */
export const fuzz = {
  name: 'bundle',
  seeds: (): Uint8Array[] => [
    ...archives,
    Buffer.from('{"kind":"reflexe-bundle","format":1,"files":[]}\n1.2.3\n1.10.0-rc.1'),
  ],
  async run(input: Uint8Array): Promise<void> {
    const text = Buffer.from(input).toString('utf8');
    const [one = '', other = ''] = text.split('\n').slice(-2);
    if (
      isRelease(one) &&
      isRelease(other) &&
      Math.sign(compareReleases(one, other)) !== 0 - Math.sign(compareReleases(other, one))
    )
      throw new Error('an order that is none');
    try {
      parseManifest(input);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    try {
      for await (const { path, bytes, content } of readTar(pieces(input))) {
        if (!isInside(path) || path.startsWith('/') || path.split('/').includes('..'))
          throw new Error(`leaves: ${path}`);
        if (bytes > bytesMax) return;
        let read = 0;
        for await (const piece of content) read += piece.length;
        if (read !== bytes) throw new Error('a size that is not what is there');
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  },
};

const isRelease = (text: string): boolean => /^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]+)?$/.test(text);

async function* pieces(input: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < input.length; at += 700) yield input.subarray(at, at + 700);
}
