import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, readSource, walk } from '../gates/source.ts';
import { parseRegex } from './parse.ts';
import { growthOf, stepsOf } from './steps.ts';

const root = join(import.meta.dirname, '..', '..');
/** Where text from outside is first read: the door, who comes in, and what answers us from the network. */
const places = [
  'server',
  'access',
  'adapters/{http,hl7,fhir,nut,tcp,dicom,certificates,webauthn,oidc,otpauth,files,restic,secretFiles}',
  'helper',
  'web/access',
];

/**
 * Quadratic, and why it may stay: what it reads is bounded to so many characters before. `files:line` would move; the source
 * of the expression is what is allowed.
 */
const bounded: { readonly [source: string]: string } = {
  '^[^\\p{L}]+|[^\\p{L}]+$': 'a password: 512 characters at most (accessRoutes)',
  '[01345@$](?=.*\\p{L})': 'a password: 512 characters at most (accessRoutes)',
  '%.*$': 'an address of a socket: some tens of characters, from the system',
};

interface Found {
  source: string;
  flags: string;
  where: string[];
}

function expressions(): Found[] {
  const found = new Map<string, Found>();
  const files = listFiles(
    root,
    places.map((place) => `src/${place}/**/*.{ts,tsx}`),
  ).filter((file) => !/\.(test|contract|fuzz)\.tsx?$|\/test[A-Z]/.test(file));
  for (const file of files) {
    walk(readSource(root, file).program, (node) => {
      if (!('regex' in node)) return;
      const { pattern, flags } = node.regex as { pattern: string; flags: string };
      const known = found.get(`${pattern}/${flags}`) ?? { source: pattern, flags, where: [] };
      known.where.push(file);
      found.set(`${pattern}/${flags}`, known);
    });
  }
  return [...found.values()];
}

describe('regular expressions that see text from outside', () => {
  const all = expressions();

  it('are found: those of the door among them', () => {
    const files = new Set(all.flatMap(({ where }) => where));
    for (const file of [
      'src/server/requests.ts',
      'src/server/origin.ts',
      'src/access/password.ts',
      'src/adapters/hl7/ack.ts',
      'src/server/tls/redirect.ts',
    ]) {
      expect(files).toContain(file);
    }
    expect(all.length).toBeGreaterThan(40);
  });

  it.for(all.map((one) => [`/${one.source}/${one.flags}`, one] as const))(
    '%s costs in proportion to its text',
    ([, { source, flags, where }]) => {
      const { ratio, worst } = growthOf(source, flags);
      const limit = source in bounded ? 4.5 : 2.5;
      expect(
        ratio,
        `${where.join(', ')}: twice the text costs ${ratio.toFixed(1)} times the steps, as with ${JSON.stringify(worst.slice(0, 40))}…`,
      ).toBeLessThan(limit);
    },
  );

  it('that are allowed to cost more are still there, and do', () => {
    const here = new Map(all.map((one) => [one.source, one]));
    for (const source of Object.keys(bounded)) {
      const one = here.get(source);
      expect(one, source).toBeDefined();
      if (one) expect(growthOf(one.source, one.flags).ratio, source).toBeGreaterThan(2.5);
    }
  });
});

describe('the count of steps', () => {
  it.for([
    ['^(a+)+$', 'exponential'],
    ['^(a|a)*$', 'exponential'],
    ['^(?:[a-z]+\\d?)+$', 'exponential'],
    ['(x+x+)+y', 'exponential'],
    ['\\s+$', 'quadratic'],
    ['^.*.*=.*$', 'worse than linear'],
    ['a.*b', 'quadratic'],
  ])('sees that %s is %s', ([source = '']) => {
    expect(growthOf(source, '').ratio).toBeGreaterThan(3);
  });

  it.for(['^[a-z]+$', '^\\d{3}-\\d{3}$', '^(?:[^"\\\\]|\\\\.)*$', 'a', '^a(?=b)c'])('and that %s is not', (source) => {
    expect(growthOf(source, '').ratio).toBeLessThan(2.5);
  });

  it('agrees with the engine on what matches', () => {
    const tree = parseRegex('^(\\w+)@(\\w+)\\.[a-z]{2,3}$', 'i');
    expect(stepsOf(tree, 'anne@chu.fr', 10_000)).toBeLessThan(200);
    expect(() => parseRegex('(a)\\1', '')).toThrow(/cannot read/);
  });
});
