import type { BlobPlace } from './blobTable.ts';
import type { RepositoryFiles } from './files.ts';

/** What is read at once around a small blob: trees that follow each other in a snapshot follow each other in a pack. */
const windowBytes = 512 * 1024;
const windowsKept = 16;

/** Parts of packs, read in windows of which the last few are kept. */
export class PackWindow {
  readonly #files: RepositoryFiles;
  readonly #windows = new Map<string, Promise<Buffer>>();

  constructor(files: RepositoryFiles) {
    this.#files = files;
  }

  async part({ pack, offset, length }: Pick<BlobPlace, 'pack' | 'offset' | 'length'>): Promise<Buffer> {
    const start = Math.floor(offset / windowBytes) * windowBytes;
    if (offset + length > start + windowBytes) return this.#files.readPart(pack, offset, length);
    const window = await this.#window(pack, start);
    return window.subarray(offset - start, offset - start + length);
  }

  #window(pack: string, start: number): Promise<Buffer> {
    const name = `${pack} ${start}`;
    const known = this.#windows.get(name);
    if (known !== undefined) return known;
    const window = this.#files.readPart(pack, start, windowBytes);
    window.catch(() => this.#windows.delete(name));
    if (this.#windows.size >= windowsKept) this.#windows.delete(this.#windows.keys().next().value ?? '');
    this.#windows.set(name, window);
    return window;
  }
}
