import { X509Certificate } from 'node:crypto';
import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { accept, type Refusal, type Result, refuse } from '../../journal/result.ts';
import type { DoorCertificates, Shown } from '../../server/tls/ports.ts';
import { Authority, type AuthorityParts } from './authority.ts';
import { namesOfCertificate } from './folder.ts';
import { type Asked, answerAll, makeMailbox } from './mailbox.ts';
import { readSupplied, type SuppliedPaths } from './supplied.ts';

export interface DoorParts extends AuthorityParts {
  /** Shown instead of one of our own. */
  supplied?: SuppliedPaths | undefined;
  /** The name people use: a supplied certificate must bear it. */
  publicName?: string | undefined;
  /** What could not be renewed or reloaded: the door goes on with what it has. */
  onTrouble(refusal: Refusal): void;
  /** How often dates are looked at; files say themselves when they change. */
  lookEveryMilliseconds?: number;
}

/** An hour: certificates are renewed a month ahead. */
const lookEveryMilliseconds = 3_600_000;
/** A tool that replaces two files is not met between them. */
const settleMilliseconds = 200;
/** Said while there is time to do something about it. */
const warnBeforeMilliseconds = 14 * 86_400_000;

/** The certificates of a running hub: renewed before they expire, read again when their files change, the door open all along. */
export class HubDoorCertificates implements DoorCertificates, Disposable {
  readonly #parts: DoorParts;
  #authority: Authority;
  #shown: { key: string; chain: string };
  #names: string[];
  #revoked: ReadonlySet<string>;
  readonly #listeners = new Set<() => void>();
  readonly #watchers: FSWatcher[] = [];
  readonly #ticker: NodeJS.Timeout;
  #settling: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  private constructor(parts: DoorParts, authority: Authority, shown: { key: string; chain: string }) {
    this.#parts = parts;
    this.#authority = authority;
    this.#shown = shown;
    this.#names = namesOfCertificate(shown.chain);
    this.#revoked = authority.revoked();
    this.#ticker = setInterval(() => this.#lookAgain(), parts.lookEveryMilliseconds ?? lookEveryMilliseconds).unref();
    const { folder, supplied } = parts;
    const mailbox = makeMailbox(folder);
    const files = supplied === undefined ? [] : [supplied.certificate, supplied.key].map((file) => dirname(file));
    for (const place of ['issued', 'revoked']) mkdirSync(`${folder}/${place}`, { recursive: true, mode: 0o700 });
    for (const place of new Set([folder, `${folder}/revoked`, mailbox, ...files])) {
      // What cannot be watched (no inotify left, a folder taken away) is looked at by the ticker all the same.
      try {
        const watcher = watch(place, { persistent: false }, () => this.#settle());
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch (error) {
        parts.onTrouble(notLooked(place, error));
      }
    }
  }

  static async open(parts: DoorParts): Promise<Result<HubDoorCertificates>> {
    const authority = await Authority.open(parts);
    if (!authority.ok) return authority;
    const shown = await shownBy(parts, authority.value);
    if (!shown.ok) return shown;
    const door = new HubDoorCertificates(parts, authority.value, shown.value);
    door.#warn();
    return accept(door);
  }

  get names(): readonly string[] {
    return this.#names;
  }

  get authority(): { certificate: string; fingerprint: string } | null {
    const { certificate, fingerprint } = this.#authority;
    return this.#parts.supplied === undefined ? { certificate, fingerprint } : null;
  }

  shown(): Shown {
    return { ...this.#shown, siteAuthority: this.#authority.certificate };
  }

  isRevoked(serial: string): boolean {
    return this.#revoked.has(serial.toUpperCase());
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at dates and files now; resolves once what it found is shown. */
  look(): Promise<void> {
    this.#lookAgain();
    return this.#looking;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
    this.#listeners.clear();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#lookAgain(), settleMilliseconds).unref();
  }

  /** One at a time: our own writing is seen by our own watching. */
  #lookAgain(): void {
    this.#looking = this.#looking.then(() => this.#lookOnce());
  }

  async #lookOnce(): Promise<void> {
    try {
      await answerAll(this.#parts.folder, (asked) => this.#answer(asked));
      const authority = await Authority.open(this.#parts);
      if (!authority.ok) {
        this.#parts.onTrouble(authority.refusal);
        return;
      }
      const shown = await shownBy(this.#parts, authority.value);
      const revoked = authority.value.revoked();
      const before = [this.#shown.chain, this.#authority.certificate, [...this.#revoked].sort().join()];
      this.#authority = authority.value;
      this.#revoked = revoked;
      if (shown.ok) {
        this.#shown = shown.value;
        this.#names = namesOfCertificate(shown.value.chain);
      } else this.#parts.onTrouble(shown.refusal);
      const after = [this.#shown.chain, this.#authority.certificate, [...revoked].sort().join()];
      if (after.join() !== before.join()) for (const listener of this.#listeners) listener();
    } catch (error) {
      this.#parts.onTrouble(notLooked(this.#parts.folder, error));
    }
    this.#warn();
  }

  async #answer(asked: Asked): Promise<Result<string>> {
    const opened = await Authority.open(this.#parts, asked.what === 'renew' && asked.authority);
    if (!opened.ok) return opened;
    if (asked.what === 'issue') return opened.value.issue({ role: asked.role, id: asked.id }, asked.request);
    const renewed = await opened.value.renewHub();
    return renewed.ok ? accept(renewed.value.certificate) : renewed;
  }

  #warn(): void {
    const { validToDate } = new X509Certificate(this.#shown.chain);
    if (validToDate.getTime() - this.#parts.now() > warnBeforeMilliseconds) return;
    this.#parts.onTrouble(
      refuse('certificate-expires-soon', 'The certificate of this hub expires soon; browsers will then refuse it.', {
        where: `expires ${validToDate.toISOString()}`,
        kept: 'The door stays open until then.',
        cure: 'reflexe certificates renew; or replace the supplied files, which are read again by themselves.',
      }).refusal,
    );
  }
}

async function shownBy(parts: DoorParts, authority: Authority): Promise<Result<{ key: string; chain: string }>> {
  if (parts.supplied !== undefined) return readSupplied(parts.supplied, parts.publicName, parts.now());
  const issued = hubOf(authority) ?? (await authority.renewHub());
  if ('ok' in issued && !issued.ok) return issued;
  const { key, certificate } = 'ok' in issued ? issued.value : issued;
  return accept({ key, chain: certificate });
}

/** A key sealed for another certificate, or damaged, is replaced: it vouches for nothing but this hub. */
function hubOf(authority: Authority) {
  try {
    return authority.hub();
  } catch {
    return undefined;
  }
}

const notLooked = (where: string, error: unknown): Refusal =>
  refuse('certificates-unreadable', 'The certificates of this hub could not be looked at again.', {
    where,
    expected: error instanceof Error ? error.message : String(error),
    kept: 'The door goes on with those it has.',
    cure: 'Check that the disk is not full and that the folder belongs to Reflexe.',
    retryable: true,
  }).refusal;
