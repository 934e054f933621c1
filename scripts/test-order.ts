import { BaseSequencer, type TestSpecification } from 'vitest/node';

type Kind = { project: { name: string } };

/** Those that last: services make the one wait, a browser keeps a core at work. */
const lasting = ['browser', 'int'];

/**
 * The lasting kinds evenly among one another, so that at any moment some wait and some work; then the others, kind by kind, whose
 * many short files fill what the lasting ones leave at the end. Within a kind, the order given.
 */
export function mixed<File extends Kind>(files: readonly File[]): File[] {
  const kinds = Map.groupBy(files, ({ project }) => project.name);
  const place = new Map<File, number>();
  for (const [kind, ofKind] of kinds) {
    for (const [index, file] of ofKind.entries()) place.set(file, lasting.includes(kind) ? index / ofKind.length : 1);
  }
  return files.toSorted((one, other) => (place.get(one) ?? 1) - (place.get(other) ?? 1));
}

/** Vitest's own order, the longest first as far as it knows, mixed. */
export class MixedSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return mixed(await super.sort(files));
  }
}
