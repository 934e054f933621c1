import { mkdirSync } from 'node:fs';

import type {
  Added,
  KeysDesk,
  KeysShown,
  NewProtector,
  Rotated,
  RotatingSealer,
  Typed,
} from '../../access/keys/ports.ts';
import type { Sealer } from '../../access/sealer.ts';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { SealedSecrets } from '../secretFiles/sealedSecrets.ts';
import { lockForWriting } from '../sqlite/writerLock.ts';
import { forbidCoreDumps } from './coreDumps.ts';
import {
  type DataKeysOptions,
  firstKeyring,
  keyFileOutside,
  masterBy,
  type Opened,
  openedBy,
  protectorFor,
} from './keyring.ts';
import { type Keyring, readKeyring, writeKeyring } from './keyringFile.ts';
import { type NamedKey, sealerUnder } from './masterSealer.ts';
import { pruneKeyFile } from './protectors/keyFile.ts';
import { keyByItself, keysTyped, type ProtectorsAt, shown, waitsForPeople } from './protectors/protectors.ts';
import { abandoned, keyringMissing, locked, unwritable } from './refusals.ts';
import { dataPlaces, holdsSealed, rewrapAll } from './rewrap.ts';
import { prepareRotation } from './rotation.ts';

/**
 * The keys of one data folder: its master key, brought by any of its protectors, and what is sealed under it. One process at a time
 * has them. May be open and still locked: then it waits for `unlock`.
 */
export class DataKeys implements KeysDesk {
  readonly #options: DataKeysOptions;
  readonly #folder: string;
  readonly #release: () => void;
  #keyring: Keyring;
  #opened: Opened | undefined;
  readonly #unlocked = Promise.withResolvers<void>();
  /** One act on the keyring after the other. */
  #last: Promise<unknown> = Promise.resolve();

  readonly master: RotatingSealer = sealerUnder(() => this.#open().keys);
  /** For the erasable store: under keys of its own, so that its rows need not be rewritten at a rotation. */
  readonly columns: Sealer = sealerUnder(
    () => this.#open().columns,
    () => this.#open().index,
  );
  readonly secrets: SealedSecrets;
  /** Made just now: its key file is the only thing that opens it. */
  isNew = false;
  /** What stands in the way of keeping memory out of core dumps; empty when nothing does. */
  readonly coreDumpsPossible: readonly string[];

  /**
   * Opens them, making a master key and its key file at the first start. Refuses `journal-in-use`, `keyring-missing`, `keyring-damaged`,
   * and what its only protector refuses with when no person could help.
   */
  static async open(options: DataKeysOptions): Promise<Result<DataKeys>> {
    const coreDumpsPossible = forbidCoreDumps();
    const { keys: folder } = dataPlaces(options.dataFolder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = lockForWriting(folder);
    if (!lock.ok) return lock;
    const release = (): void => lock.value.release();
    const opened = await DataKeys.#openLocked(options, folder, release, coreDumpsPossible).catch((error: unknown) => {
      release();
      if (error instanceof Refused) return { ok: false as const, refusal: error.refusal };
      throw error;
    });
    if (!opened.ok) release();
    return opened;
  }

  static async #openLocked(
    options: DataKeysOptions,
    folder: string,
    release: () => void,
    coreDumpsPossible: readonly string[],
  ): Promise<Result<DataKeys>> {
    const read = readKeyring(folder);
    if (!read.ok) return read;
    if (read.value === undefined) {
      if (holdsSealed(options.dataFolder)) return keyringMissing(folder);
      const first = await firstKeyring(options);
      if (!first.ok) return first;
      writeKeyring(folder, first.value.keyring);
      const made = new DataKeys(options, release, first.value.keyring, coreDumpsPossible);
      made.isNew = true;
      return accept(made.#openedWith(first.value.master));
    }
    const keys = new DataKeys(options, release, read.value, coreDumpsPossible);
    const byItself = await keys.#tryByItself();
    return byItself.ok || read.value.protectors.some(waitsForPeople) ? accept(keys) : byItself;
  }

  private constructor(
    options: DataKeysOptions,
    release: () => void,
    keyring: Keyring,
    coreDumpsPossible: readonly string[],
  ) {
    this.#options = options;
    this.#folder = dataPlaces(options.dataFolder).keys;
    this.#release = release;
    this.#keyring = keyring;
    this.coreDumpsPossible = coreDumpsPossible;
    this.secrets = new SealedSecrets(dataPlaces(options.dataFolder).secrets, this.master);
  }

  get isLocked(): boolean {
    return this.#opened === undefined;
  }

  /** Resolves once the master key is here. */
  get unlocked(): Promise<void> {
    return this.#unlocked.promise;
  }

  get shown(): KeysShown {
    const { master, protectors, previous } = this.#keyring;
    const state = this.isLocked ? 'locked' : 'open';
    return { state, master, protectors: protectors.map(shown), rotating: previous !== undefined };
  }

  async status(): Promise<Result<KeysShown>> {
    return accept(this.shown);
  }

  unlock(typed: Typed): Promise<Result<KeysShown>> {
    return this.#inTurn(async () => {
      if (!this.isLocked) return accept(this.shown);
      const keys = await keysTyped(this.#keyring.protectors, typed);
      if (!keys.ok) return keys;
      for (const { record, key } of keys.value) {
        const master = masterBy(this.#keyring, record, key);
        if (master !== undefined) {
          this.#openedWith(master);
          return accept(this.shown);
        }
      }
      return refuse(
        'unlock-wrong',
        'passphrase' in typed
          ? 'This passphrase does not open the data folder.'
          : 'These shares do not open the data folder.',
        {
          where: this.#folder,
          kept: 'Everything stays locked, and as it was.',
          cure: 'Type it again; mind the keyboard layout and the capitals.',
        },
      );
    });
  }

  add(wanted: NewProtector): Promise<Result<Added>> {
    return this.#inTurn(async () => {
      if (this.isLocked) return locked(this.#folder);
      const [current] = this.#open().keys;
      if (current === undefined) return locked(this.#folder);
      const named = this.#named(wanted);
      if (!named.ok) return named;
      const made = await protectorFor(named.value, current, this.#at(), this.#options.now());
      if (!made.ok) return made;
      this.#write({ ...this.#keyring, protectors: [...this.#keyring.protectors, made.value.record] });
      return accept({ protector: shown(made.value.record), shares: made.value.shares });
    });
  }

  remove(id: string): Promise<Result<KeysShown>> {
    return this.#inTurn(async () => {
      if (this.isLocked) return locked(this.#folder);
      const protectors = this.#keyring.protectors.filter((one) => one.id !== id);
      if (protectors.length === this.#keyring.protectors.length) {
        return refuse('protector-unknown', 'No protector has this id.', {
          where: id,
          expected: this.#keyring.protectors.map((one) => one.id).join(', '),
          kept: 'Nothing was changed.',
        });
      }
      if (protectors.length === 0 || protectors.every(({ settings }) => settings.kind === 'tpm')) {
        return refuse(
          'protector-last',
          'Without this protector nothing, or only one machine’s TPM, could open the data.',
          {
            where: id,
            kept: 'Nothing was changed.',
            cure: 'Add another first: reflexe keys add passphrase, or quorum.',
          },
        );
      }
      const before = this.#keyring;
      this.#write({ ...before, protectors });
      this.#pruneKeyFiles(before);
      return accept(this.shown);
    });
  }

  rotate(passphrases: { [id: string]: string }, show: (rotated: Rotated) => Promise<void>): Promise<Result<Rotated>> {
    return this.#inTurn(async () => {
      if (this.isLocked) return locked(this.#folder);
      if (this.#keyring.previous !== undefined) this.#finishRotation();
      const before = this.#keyring;
      const prepared = await prepareRotation(before, this.#open(), passphrases, this.#at(), this.#options.now());
      const handedOver =
        prepared.ok &&
        (await show(prepared.value.rotated).then(
          () => true,
          () => false,
        ));
      if (!prepared.ok || !handedOver) {
        this.#pruneKeyFiles(before);
        return prepared.ok ? abandoned(this.#folder) : prepared;
      }
      const { rotated, keyring, opened } = prepared.value;
      // From here on the new protectors open everything, and the old ones nothing.
      this.#write(keyring);
      this.#opened = opened;
      this.#finishRotation();
      return accept(rotated);
    });
  }

  /** Waits for what is going on, then forgets the keys. */
  async close(): Promise<void> {
    await this.#last;
    for (const { key } of [...(this.#opened?.keys ?? []), ...(this.#opened?.columns ?? [])]) key.fill(0);
    this.#opened?.index.fill(0);
    this.#opened = undefined;
    this.#release();
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new Refused(locked(this.#folder).refusal);
    return this.#opened;
  }

  #at(): ProtectorsAt {
    return { folder: this.#keyring.folder, tcti: this.#options.tcti };
  }

  #named(wanted: NewProtector): Result<NewProtector> {
    if (wanted.kind !== 'file') return accept(wanted);
    const file = keyFileOutside(this.#options.dataFolder, wanted.file ?? this.#options.keyFile);
    return file.ok ? accept({ ...wanted, file: file.value }) : file;
  }

  #write(keyring: Keyring): void {
    writeKeyring(this.#folder, keyring);
    this.#keyring = keyring;
  }

  async #tryByItself(): Promise<Result<void>> {
    let refused: Result<never> | undefined;
    for (const record of this.#keyring.protectors) {
      const key = await keyByItself(record, this.#at());
      if (key === undefined) continue;
      const master = key.ok ? masterBy(this.#keyring, record, key.value) : undefined;
      if (master !== undefined) {
        this.#openedWith(master);
        return accept(undefined);
      }
      refused ??= key.ok
        ? refuse('sealed-altered', 'The keyring does not open with its own protector.', { where: record.id })
        : key;
    }
    return refused ?? locked(this.#folder);
  }

  #openedWith(master: NamedKey): this {
    this.#opened = openedBy(master, this.#keyring);
    if (this.#keyring.previous !== undefined) this.#finishRotation();
    else this.#pruneKeyFiles(this.#keyring);
    this.#unlocked.resolve();
    return this;
  }

  /** Everything under the new master key, then the old one forgotten. Also after a rotation that was cut short. */
  #finishRotation(): void {
    rewrapAll(this.#options.dataFolder, this.master);
    const before = this.#keyring;
    const { previous: _, ...keyring } = before;
    this.#write(keyring);
    const [current, old] = this.#open().keys;
    if (current !== undefined) this.#opened = { ...this.#open(), keys: [current] };
    old?.key.fill(0);
    this.#pruneKeyFiles(before);
  }

  /** Key files keep nothing of protectors that are no more. */
  #pruneKeyFiles(known: Keyring): void {
    const { folder, protectors } = this.#keyring;
    const files = [...known.protectors, ...protectors].flatMap(({ settings }) =>
      settings.kind === 'file' ? settings.file : [],
    );
    for (const file of new Set(files))
      pruneKeyFile(
        file,
        folder,
        protectors.map(({ id }) => id),
      );
  }

  #inTurn<Value>(work: () => Promise<Result<Value>>): Promise<Result<Value>> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      if (error instanceof Refused) return { ok: false as const, refusal: error.refusal };
      if (error instanceof Error && 'code' in error) return unwritable(this.#folder, error);
      throw error;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
