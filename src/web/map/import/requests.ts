import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Acknowledged, ReviewBody } from '../../../server/protocol.ts';
import { ask } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { mapPath } from '../changes/requests.ts';

export const importKinds = ['csv', 'xlsx', 'mercator', 'glpi', 'netbox', 'yaml'] as const;
export type ImportKind = (typeof importKinds)[number];

/** What the hub reads at once; it comes in base64, a third longer. */
export const fileBytesMax = 17 * 1_048_576;

export interface Mapping {
  table: string;
  columns: { [heading: string]: string | null };
  kind?: string | undefined;
  sheet?: string | undefined;
}

/** What to read, and how. */
export interface Source {
  kind: ImportKind;
  files: { name: string; base64: string }[];
  columns?: Mapping;
  isComplete?: boolean;
}

/** How a choice names a thing. */
export const keyOf = ({ section, id }: { section: string; id: string }): string => `${section}/${id}`;

export interface Choice {
  sequence: number;
  follow: string[];
  leave: string[];
  confirm: string[];
}

export function useReview() {
  const { world } = useWorld();
  return useMutation({ mutationFn: (source: Source) => ask<ReviewBody>('POST', `${mapPath(world)}/review`, source) });
}

export function useApply() {
  const { world } = useWorld();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ source, choice }: { source: Source; choice: Choice }) =>
      ask<Acknowledged>('POST', `${mapPath(world)}/import`, { ...source, ...choice }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['mapHistory', world] }),
  });
}

/** By its name and its first bytes; a person may say otherwise. */
export async function kindOf(file: File): Promise<ImportKind> {
  const name = file.name.toLowerCase();
  const start = await file.slice(0, 65_536).text();
  if (start.startsWith('PK') || name.endsWith('.xlsx')) return 'xlsx';
  if (/\.ya?ml$/.test(name)) return 'yaml';
  if (name.endsWith('.sql') || start.includes('INSERT INTO')) return 'mercator';
  if (start.includes('"dcim.') || start.includes('"model": "')) return 'netbox';
  if (/^\s*[{<]/.test(start)) return 'glpi';
  return 'csv';
}

export function base64Of(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  // `data:<type>;base64,<bytes>`
  reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
  return promise;
}
