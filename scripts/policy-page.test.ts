import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { policyPages } from './policy-page.ts';

it('the page of rights says what the policy does (npm run policy writes it again)', async () => {
  for (const { file, text } of policyPages) expect(await readFile(file, 'utf8')).toBe(text);
});
