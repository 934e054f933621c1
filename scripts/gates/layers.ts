import { builtinModules } from 'node:module';
import type { Gate, Problem } from './gate.ts';
import { type Import, importsOf, isTest, listFiles, problemAt, readSource } from './source.ts';

/** The domain (ARCHITECTURE, layout); every other folder of src is an edge, but words, which only holds texts. */
export const rooms = [
  'journal',
  'access',
  'map',
  'detect',
  'activate',
  'restore',
  'care',
  'inform',
  'prepare',
  'federate',
] as const;

const edges = ['adapters', 'helper', 'server', 'web', 'cli', 'main'];
/** Lists that are half of a type: what the map's words for states are. */
const vocabulary = 'src/map/care.ts';
/** What a room's routes are declared with: role and scope (ARCHITECTURE, rule 13). */
const declarations = ['src/access/roles.ts', 'src/access/route.ts'];

/** Why `from` may not import `what`; undefined: it may. Rules 1 and 2 of ARCHITECTURE. */
export function refusal(from: string, what: Import): string | undefined {
  const [top, folder = ''] = from.split('/');
  if (top !== 'src' || isTest(from)) return undefined;
  if (what.target === undefined) return folder === 'web' ? webPackage(what) : undefined;
  const [targetTop, targetFolder = ''] = what.target.split('/');
  if (targetTop !== 'src') {
    return outsideOfSource(what.target)
      ? `src must not import ${targetTop}/: the product never depends on what only the checkout has`
      : undefined;
  }
  if (what.target === 'src/adapters/all.ts' && folder !== 'main') {
    return 'only main/ imports adapters/all.ts: the wiring chooses the adapters, nobody else';
  }
  if (isRoom(folder)) return fromRoom(folder, from, what.target, targetFolder);
  if (folder === 'web') return fromWeb(what, what.target, targetFolder);
  if (folder === 'words' && targetFolder !== 'words' && !what.typeOnly)
    return 'words holds texts only and imports nothing';
  if (targetFolder === 'web') return `${folder}/ must not import web/: the interface is bundled apart, for browsers`;
  return undefined;
}

function fromRoom(room: string, from: string, target: string, targetFolder: string): string | undefined {
  if (edges.includes(targetFolder)) {
    return `room ${room} must not import ${targetFolder}/: imports point inward, edges import rooms and never the reverse`;
  }
  if ([room, 'journal', 'map', 'words'].includes(targetFolder) || target.endsWith('/events.ts')) return undefined;
  if (from.endsWith('/routes.ts') && declarations.includes(target)) return undefined;
  return `room ${room} may import of another room only its events.ts (and journal/, map/): found ${target}`;
}

function fromWeb(what: Import, target: string, targetFolder: string): string | undefined {
  if (targetFolder === 'web' || targetFolder === 'words' || target === 'src/server/protocol.ts') return undefined;
  if (isRoom(targetFolder) && (what.typeOnly || target.endsWith('/views.ts') || target === vocabulary))
    return undefined;
  return `web imports rooms’ types and views.ts, and server/protocol.ts only: found ${target}`;
}

function webPackage({ specifier }: Import): string | undefined {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
    ? `web runs in a browser, where ${specifier} does not exist`
    : undefined;
}

const isRoom = (folder: string): boolean => rooms.some((room) => room === folder);
const outsideOfSource = (target: string): boolean => /^(lab|bench|scripts|scenarios)\//.test(target);

export const layers: Gate = {
  name: 'layers',
  run(root) {
    const files = listFiles(root, ['src/**/*.{ts,tsx}']);
    const problems = files.flatMap((file): Problem[] => {
      const source = readSource(root, file);
      return importsOf(source).flatMap((one) => {
        const why = refusal(file, one);
        return why === undefined ? [] : [problemAt(source, one.start, why)];
      });
    });
    return { examined: files.length, problems };
  },
};
