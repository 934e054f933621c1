#!/usr/bin/env node
/** `reflexe <verb>`: from the sources in a checkout, from the built JavaScript in an installed package. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { run } from './node24.mjs';

const sources = fileURLToPath(new URL('../src/cli/reflexe.ts', import.meta.url));
const built = fileURLToPath(new URL('../dist/cli/reflexe.js', import.meta.url));

await run(existsSync(sources) ? sources : built, process.argv.slice(2));
