import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeSbom } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const schemas = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res',
  'schema',
);
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8'));

const Component = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  purl: z.string(),
  scope: z.string(),
  'bom-ref': z.string(),
  hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
  licenses: z.array(z.unknown()).optional(),
});
const Bom = z.looseObject({
  specVersion: z.literal('1.6'),
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string() }) }),
  components: z.array(Component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
});

/** The schema CycloneDX publishes (its library ships a copy), with the formats it names that a validator must be told of. */
function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat(
    'date-time',
    (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
  );
  ajv.addFormat('iri-reference', (text: string) => URL.canParse(text, 'https://x.example/') && !/\s/.test(text));
  ajv.addFormat('idn-email', (text: string) => /^[^@\s]+@[^@\s]+$/.test(text));
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(schemaOf(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  return ajv.compile(schemaOf('bom-1.6'));
}

test('the bill of materials is valid CycloneDX 1.6, and the schema can refuse it', (context) => {
  if (!existsSync(join(root, '.cache', 'web.json'))) context.skip('the interface is not built (npm run build)');
  const bom: unknown = JSON.parse(makeSbom(root, new Date()));
  const validate = validator();
  expect(validate(bom) || validate.errors).toBe(true);
  const { components } = Bom.parse(bom);
  expect(validate({ ...Bom.parse(bom), components: [{ ...components[0], type: 'nonsense' }] })).toBe(false);
  expect(validate({ ...Bom.parse(bom), specVersion: undefined })).toBe(false);
});

test('names all that is shipped, with version, licence and hash, and what is only used', (context) => {
  if (!existsSync(join(root, '.cache', 'web.json'))) context.skip('the interface is not built (npm run build)');
  const { components, dependencies, metadata } = Bom.parse(JSON.parse(makeSbom(root, new Date())));
  const lock = z
    .looseObject({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) })
    .parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const refs = components.map((one) => one['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    if (path === '' || dev === true || !existsSync(join(root, path))) continue;
    expect(
      refs.some((ref) => ref.endsWith(`#${path}`)),
      path,
    ).toBe(true);
  }
  const npm = components.filter(({ purl }) => purl.startsWith('pkg:npm/'));
  expect(npm.length).toBeGreaterThan(100);
  for (const one of npm) {
    expect([one.name, one.version?.length, one.licenses?.length, one.hashes?.length]).not.toContain(undefined);
    expect(one.hashes?.[0]).toMatchObject({ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) });
  }
  // In the interface, though npm calls them development dependencies.
  for (const name of ['react', 'wouter', 'inter']) expect(npm.map((one) => one.name)).toContain(name);
  expect(npm.map((one) => one.name)).not.toContain('vitest');
  const ofDebian = Object.fromEntries(
    components.filter(({ purl }) => purl.startsWith('pkg:deb/')).map((one) => [one.name, one.scope]),
  );
  expect(ofDebian).toMatchObject({ bubblewrap: 'optional', restic: 'optional', chromium: 'excluded' });
  const own = dependencies.find(({ ref }) => ref === metadata.component['bom-ref']);
  expect(own?.dependsOn?.some((ref) => ref.startsWith('pkg:npm/fastify@'))).toBe(true);
  const known = new Set([...refs, metadata.component['bom-ref']]);
  for (const { ref, dependsOn = [] } of dependencies)
    for (const one of [ref, ...dependsOn]) expect(known.has(one), one).toBe(true);
});
