import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSignIn } from './configuration.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-sign-in-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('without sign-in.yaml there is no provider, and nothing is wrong', async () => {
  expect(await readSignIn(folder)).toMatchObject({ value: undefined, problems: [] });
});

it('names the line of each mistake, all at once', async () => {
  writeFileSync(
    join(folder, 'sign-in.yaml'),
    `providers:
  - id: hospital
    preset: keycloak
    issuer: http://sso.hopital.example
    clientId: reflexe
    grants:
      - { claim: groups, value: /a, role: god, scope: establishment }
`,
  );
  const { problems } = await readSignIn(folder);
  expect(new Set(problems.map(({ line }) => line))).toEqual(new Set([4, 7]));
});
