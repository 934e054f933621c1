import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Tree } from '../../restore/backupSource.contract.ts';

/** Folders for the contract suites of backup sources. */
export class SourceGround {
  readonly folder = mkdtempSync(join(tmpdir(), 'reflexe-source-'));
  #made = 0;

  into = async (): Promise<string> => {
    this.#made += 1;
    const folder = join(this.folder, `into-${this.#made}`);
    mkdirSync(folder);
    return folder;
  };

  write(folder: string, tree: Tree): void {
    for (const [path, content] of Object.entries(tree)) {
      mkdirSync(content === null ? join(folder, path) : dirname(join(folder, path)), { recursive: true });
      if (content !== null) writeFileSync(join(folder, path), content);
    }
  }

  /** Files, and folders that hold nothing. */
  read = async (folder: string): Promise<Tree> => {
    const tree: Tree = {};
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) tree[relative(folder, path)] = readFileSync(path);
      else if (entry.isDirectory() && readdirSync(path).length === 0) tree[relative(folder, path)] = null;
    }
    return tree;
  };

  async fingerprint(folder: string): Promise<string> {
    const digest = createHash('sha256');
    for (const [path, content] of Object.entries(await this.read(folder)).toSorted(([one], [other]) =>
      one.localeCompare(other),
    ))
      digest
        .update(path)
        .update('\0')
        .update(content ?? 'folder');
    return digest.digest('hex');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
