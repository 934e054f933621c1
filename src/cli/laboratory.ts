import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accept, type Result, refuse } from '../journal/result.ts';

/** A module of the laboratory: in a checkout only, never packaged, never loaded unless asked for. */
export async function laboratory(module: string, askedBy: string): Promise<Result<{ [name: string]: unknown }>> {
  const url = new URL(`../../lab/${module}`, import.meta.url);
  if (existsSync(fileURLToPath(url))) return accept(await import(url.href));
  return refuse('lab-not-here', 'The laboratory is only in a checkout of the sources.', {
    where: askedBy,
    kept: 'Nothing was started.',
    cure: 'Run it from a checkout.',
  });
}
