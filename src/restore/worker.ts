import type { Result } from '../journal/result.ts';
import { accept, refuse } from '../journal/result.ts';
import type { RestoreCommand } from './decide.ts';
import type {
  BackupSource,
  CleanRoom,
  ClinicalProbe,
  Examiner,
  KnownFact,
  Member,
  RecoveryFolders,
  RestorableService,
  Work,
} from './ports.ts';
import type { RecoveringComponent, Recovery, RestoreState } from './state.ts';
import type { RestoreWork } from './work.ts';

/** What a recovery needs of the outside. */
export interface RestorationPorts {
  source(name: string): BackupSource | undefined;
  service(component: string): RestorableService | undefined;
  probe(name: string): { probe: ClinicalProbe; port: number } | undefined;
  examiner: Examiner;
  cleanRoom: CleanRoom;
  folders: RecoveryFolders;
  /** A loopback address that leads to one port of a member, for as long as the probe asks. */
  reach(member: Member, port: number): Promise<{ address: string } & AsyncDisposable>;
  epoch(): number;
  /** Resolves after that time, or as soon as the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Seconds on a clock that only goes forward. */
  stopwatch(): () => number;
}

/** How long a restored service may take from listening to answering, and how often it is asked. */
const ANSWERING_MILLISECONDS = 60_000;
const ASK_AGAIN_MILLISECONDS = 500;

type Step = Extract<RestoreWork, { kind: 'step' }>;

/**
 * Does one step of a recovery and says what came of it, as the command to submit.
 * Each step may be taken again after a crash: choosing reads only, fetching replaces whole, starting returns the running member.
 */
export class RestorationWorker {
  readonly #ports: RestorationPorts;
  readonly #members = new Map<string, Member>();

  constructor(ports: RestorationPorts) {
    this.#ports = ports;
  }

  async openRoom(recovery: Recovery): Promise<Result<RestoreCommand>> {
    const folder = await this.#ports.folders.room(recovery.recovery);
    const opened = await this.#ports.cleanRoom.open({ id: recovery.recovery, epoch: this.#ports.epoch(), folder });
    if (!opened.ok) return opened;
    return accept({
      type: 'RecordRoomOpened',
      recovery: recovery.recovery,
      room: recovery.recovery,
      endedOrphans: opened.value.endedOrphans.length,
    });
  }

  /** After a restart: the room again, and every member that was verified or started, as it stood. */
  async resume(recovery: Recovery): Promise<Result<RestoreCommand>> {
    const opened = await this.openRoom(recovery);
    if (!opened.ok) return opened;
    for (const component of Object.values(recovery.components).toSorted((one, other) => one.rank - other.rank)) {
      if (component.steps.start?.state !== 'done') continue;
      const started = await this.#start(recovery, component);
      if (!started.ok) return started;
    }
    return opened;
  }

  async proveIsolation(recovery: Recovery): Promise<Result<RestoreCommand>> {
    const proof = await this.#ports.cleanRoom.proveIsolation(recovery.recovery);
    if (!proof.ok) return proof;
    const { attempts, escaped } = proof.value;
    const paths = [...new Set(attempts.map(({ path, escaped: out }) => (out ? `${path}!` : path)))].toSorted();
    return accept({ type: 'RecordIsolation', recovery: recovery.recovery, attempts: attempts.length, escaped, paths });
  }

  async step(state: RestoreState, item: Step, attempt: number, work: Work): Promise<Result<RestoreCommand>> {
    const recovery = state.recoveries[item.recovery];
    const component = recovery?.components[item.component];
    if (recovery === undefined || component === undefined)
      return refuse('not-found', 'This recovery is gone.', { where: item.key });
    const elapsed = this.#ports.stopwatch();
    const common = () => ({
      recovery: item.recovery,
      component: item.component,
      attempt,
      seconds: Math.round(elapsed() * 10) / 10,
    });
    switch (item.step) {
      case 'choose': {
        const chosen = await this.#choose(recovery, component, work);
        return chosen.ok ? accept({ type: 'FinishChoose', ...chosen.value, ...common() }) : chosen;
      }
      case 'fetch': {
        const fetched = await this.#fetch(recovery, component, work);
        return fetched.ok ? accept({ type: 'FinishFetch', ...fetched.value, ...common() }) : fetched;
      }
      case 'start': {
        const started = await this.#start(recovery, component);
        return started.ok ? accept({ type: 'FinishStart', ...common() }) : started;
      }
      case 'verify': {
        const found = await this.#verify(component, work);
        return found.ok ? accept({ type: 'FinishVerify', found: found.value, ...common() }) : found;
      }
      case 'release':
        return refuse('step-is-a-persons', 'Releasing is done by a person.', { where: item.key });
    }
  }

  member(component: string): Member | undefined {
    return this.#members.get(component);
  }

  /** The newest snapshot that restores whole with no known sign. Every newer one is named, with why it was passed over. */
  async #choose(recovery: Recovery, component: RecoveringComponent, work: Work) {
    const source = this.#ports.source(component.source);
    if (source === undefined)
      return refuse('source-unknown', 'No backup source of the configuration has this name.', {
        where: component.source,
      });
    const listed = await source.snapshots(work);
    if (!listed.ok) return listed;
    const canaries = this.#ports.service(component.component)?.canaries ?? [];
    const passedOver: { snapshot: string; time: string; reason: string }[] = [];
    for (const snapshot of listed.value.toReversed()) {
      if (work.signal.aborted)
        return refuse('interrupted', 'Stopped while examining the backups.', { retryable: true });
      const tree = await this.#ports.folders.staging(recovery.recovery, component.component);
      const restored = await source.restore(snapshot.id, tree, work);
      const refusal = restored.ok ? null : restored.refusal;
      if (refusal?.retryable === true) return { ok: false as const, refusal };
      const damage = refusal?.code ?? (restored.ok && restored.value.problems.length > 0 ? 'restored-in-part' : null);
      if (damage !== null) {
        passedOver.push({ snapshot: snapshot.id, time: snapshot.time, reason: damage });
        continue;
      }
      const examined = await this.#ports.examiner.examine(tree, canaries, work);
      if (!examined.ok) return examined;
      const sign = examined.value.signs[0];
      if (sign !== undefined) {
        passedOver.push({ snapshot: snapshot.id, time: snapshot.time, reason: sign.code });
        continue;
      }
      const { files, bytes, rulesOf, notExamined } = examined.value;
      await this.#ports.folders.adopt(
        recovery.recovery,
        component.component,
        { snapshot: snapshot.id, files, bytes },
        tree,
      );
      return accept({
        snapshot: snapshot.id,
        horizon: snapshot.time,
        passedOver,
        rulesOf,
        notExamined: notExamined.length,
      });
    }
    return refuse('no-snapshot-without-sign', 'No snapshot restores whole with no known sign.', {
      where: component.source,
      expected: 'one snapshot at least',
      kept: `${passedOver.length} examined: ${passedOver.map((one) => `${one.time} ${one.reason}`).join(', ')}`,
      cure: 'Look for another copy of these backups, off-site or offline.',
    });
  }

  /** The chosen snapshot's data, in its place and fit to start. */
  async #fetch(recovery: Recovery, component: RecoveringComponent, work: Work) {
    const snapshot = component.snapshot?.id;
    const source = this.#ports.source(component.source);
    const service = this.#ports.service(component.component);
    if (snapshot === undefined || source === undefined)
      return refuse('not-chosen', 'No snapshot is chosen yet.', { where: component.component });
    if (service === undefined) return serviceUnknown(component.component);
    let problems = 0;
    let standing = await this.#ports.folders.adopted(recovery.recovery, component.component, snapshot);
    if (standing === undefined) {
      const tree = await this.#ports.folders.staging(recovery.recovery, component.component);
      const restored = await source.restore(snapshot, tree, work);
      if (!restored.ok) return restored;
      const { files, bytes } = restored.value;
      problems = restored.value.problems.length;
      await this.#ports.folders.adopt(recovery.recovery, component.component, { snapshot, files, bytes }, tree);
      standing = await this.#ports.folders.adopted(recovery.recovery, component.component, snapshot);
    }
    if (standing === undefined) return dataMissing(component.component);
    const prepared = await service.prepare(standing.folder);
    if (!prepared.ok) return prepared;
    return accept({ files: standing.files, bytes: standing.bytes, problems });
  }

  async #start(recovery: Recovery, component: RecoveringComponent): Promise<Result<void>> {
    const service = this.#ports.service(component.component);
    if (service === undefined) return serviceUnknown(component.component);
    const standing = await this.#ports.folders.adopted(
      recovery.recovery,
      component.component,
      component.snapshot?.id ?? '',
    );
    if (standing === undefined) return dataMissing(component.component);
    if (service.member === null) return accept(undefined);
    const started = await this.#ports.cleanRoom.start(recovery.recovery, {
      ...service.member,
      dataDirectory: standing.folder,
    });
    if (!started.ok) return started;
    this.#members.set(component.component, started.value);
    return accept(undefined);
  }

  /** A service that has just started may listen before it answers (a database replaying its log): it is given time. */
  async #askUntilAnswered(probe: ClinicalProbe, address: string, work: Work): Promise<Result<KnownFact[]>> {
    for (let waited = 0; ; waited += ASK_AGAIN_MILLISECONDS) {
      const asked = await probe.ask(address, work.signal);
      if (asked.ok || !asked.refusal.retryable || waited >= ANSWERING_MILLISECONDS || work.signal.aborted) return asked;
      await this.#ports.pause(ASK_AGAIN_MILLISECONDS, work.signal);
    }
  }

  async #verify(component: RecoveringComponent, work: Work) {
    const found: { probe: string; facts: KnownFact[] }[] = [];
    for (const name of component.probes) {
      const probe = this.#ports.probe(name);
      const member = this.#members.get(component.component);
      if (probe === undefined)
        return refuse('probe-unknown', 'No clinical probe of the configuration has this name.', { where: name });
      if (member === undefined)
        return refuse('member-missing', 'The restored service is not running.', {
          where: component.component,
          retryable: true,
        });
      await using way = await this.#ports.reach(member, probe.port);
      const asked = await this.#askUntilAnswered(probe.probe, way.address, work);
      if (!asked.ok) return asked;
      found.push({ probe: name, facts: asked.value });
    }
    return accept(found);
  }
}

const serviceUnknown = (component: string) =>
  refuse('service-unknown', 'The configuration does not say how this component is run.', {
    where: component,
    cure: 'Add it to services.',
  });

const dataMissing = (component: string) =>
  refuse('data-missing', 'The fetched data is not where it was put.', { where: component, retryable: true });
