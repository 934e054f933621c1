import type { Refusal, Refusing, Result } from '../journal/result.ts';
import { accept, refuse } from '../journal/result.ts';
import type { CleanPointAsk, CleanPointFound } from './cleanPoint/found.ts';
import type { RestoreCommand } from './decide.ts';
import { judgedAll } from './nights/judged.ts';
import { compromisedSince, explainedOf, isSuspect, type NightsState } from './nights/state.ts';
import type {
  BackupSource,
  CleanPointFinder,
  CleanRoom,
  ClinicalProbe,
  Examiner,
  KnownFact,
  Member,
  RecoveryFolders,
  RestorableService,
  Work,
} from './ports.ts';
import { RULES_OF } from './signs.ts';
import type { RecoveringComponent, Recovery, RestoreState } from './state.ts';
import type { RestoreWork } from './work.ts';

/** What a recovery needs of the outside. */
export interface RestorationPorts {
  source(name: string): BackupSource | undefined;
  service(component: string): RestorableService | undefined;
  probe(name: string): { probe: ClinicalProbe; port: number } | undefined;
  /** Null where nights can only be examined one by one, restored. */
  cleanPoints: CleanPointFinder | null;
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

/** Refusals of the finder that say that nothing can be looked through on this machine now, and nothing of the backups. */
const withoutFinder: readonly string[] = ['scanner-failed', 'rules-unreadable'];

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

  /**
   * The room of a recovery, made or met again, with every member that had been started, as it stood: after a restart of
   * ours, of the helper or of the machine. Each member is tried; `failed` tells of the first that could not be had.
   */
  async openRoom(recovery: Recovery): Promise<Result<{ command: RestoreCommand; failed: Refusal | null }>> {
    const { recovery: id } = recovery;
    const folder = await this.#ports.folders.room(id);
    const opened = await this.#ports.cleanRoom.open({ id, epoch: this.#ports.epoch(), folder });
    if (!opened.ok) return opened;
    let failed: Refusal | null = null;
    for (const component of Object.values(recovery.components).toSorted((one, other) => one.rank - other.rank)) {
      if (component.steps.start?.state !== 'done') continue;
      const started = await this.#start(recovery, component);
      if (!started.ok) failed ??= started.refusal;
    }
    const endedOrphans = opened.value.endedOrphans.length;
    return accept({ command: { type: 'RecordRoomOpened', recovery: id, room: id, endedOrphans }, failed });
  }

  /** Takes a recovery's room down and removes what was restored in it; done again where a life ended meanwhile. */
  async clearAway(recovery: string): Promise<Result<RestoreCommand>> {
    const closed = await this.#close(recovery);
    if (!closed.ok) return closed;
    await this.#ports.folders.remove(recovery);
    for (const key of this.#members.keys()) if (key.startsWith(memberKey(recovery, ''))) this.#members.delete(key);
    return accept({ type: 'RecordCleared', recovery });
  }

  /** Also a room that an earlier life opened: it is met again first. */
  async #close(recovery: string): Promise<Result<void>> {
    const closed = await this.#ports.cleanRoom.close(recovery);
    if (closed.ok || closed.refusal.code !== 'room-not-open') return closed;
    const folder = await this.#ports.folders.room(recovery);
    const opened = await this.#ports.cleanRoom.open({ id: recovery, epoch: this.#ports.epoch(), folder });
    return opened.ok ? this.#ports.cleanRoom.close(recovery) : opened;
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
        const chosen = await this.#choose(state, recovery, component, work);
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
        const found = await this.#verify(recovery, component, work);
        return found.ok ? accept({ type: 'FinishVerify', found: found.value, ...common() }) : found;
      }
      case 'release':
        return refuse('step-is-a-persons', 'Releasing is done by a person.', { where: item.key });
    }
  }

  /** The running member of a component in a recovery's room: two incidents may each bring the same component back. */
  member(recovery: string, component: string): Member | undefined {
    return this.#members.get(memberKey(recovery, component));
  }

  /** The newest night that restores whole with no known sign. Every newer one is named, with why it was passed over. */
  async #choose({ nights }: RestoreState, recovery: Recovery, component: RecoveringComponent, work: Work) {
    const source = this.#ports.source(component.source);
    if (source === undefined)
      return refuse('source-unknown', 'No backup source of the configuration has this name.', {
        where: component.source,
      });
    const looked = await this.#lookThrough(nights, component, work);
    if (!looked.ok) return looked;
    const { judged, candidates, rulesOf } = looked.value;
    const setAside = new Map(component.setAside.map(({ snapshot, reason }) => [snapshot, reason]));
    const stopped = setAside.size === 0 ? accept(undefined) : await this.#stop(recovery, component);
    if (!stopped.ok) return stopped;
    const passedOver: { snapshot: string; time: string; reason: string }[] = [];
    for (const { id, time, against, notExamined: unseen } of candidates) {
      if (work.signal.aborted)
        return refuse('interrupted', 'Stopped while examining the backups.', { retryable: true });
      const passOver = (reason: string) => passedOver.push({ snapshot: id, time, reason });
      const why = setAside.get(id) ?? against;
      if (why !== null) {
        passOver(why);
        continue;
      }
      const tree = await this.#ports.folders.staging(recovery.recovery, component.component);
      const restored = await source.restore(id, tree, work);
      if (!restored.ok && restored.refusal.code !== 'backup-damaged')
        return this.#emptied(recovery, component, restored);
      if (!restored.ok || restored.value.problems.length > 0) {
        passOver(restored.ok ? 'restored-in-part' : restored.refusal.code);
        continue;
      }
      let { files, bytes } = restored.value;
      let notExamined = unseen + restored.value.unverified;
      if (judged === null) {
        const canaries = this.#ports.service(component.component)?.canaries ?? [];
        const examined = await this.#ports.examiner.examine(tree, canaries, work);
        if (!examined.ok) return this.#emptied(recovery, component, examined);
        const sign = examined.value.signs[0];
        if (sign !== undefined) {
          passOver(sign.code);
          continue;
        }
        ({ files, bytes } = examined.value);
        notExamined += examined.value.notExamined.length;
      }
      await this.#ports.folders.adopt(recovery.recovery, component.component, { snapshot: id, files, bytes }, tree);
      return accept({ snapshot: id, horizon: time, passedOver, rulesOf, notExamined, judged });
    }
    const none = refuse('no-snapshot-without-sign', 'No snapshot restores whole with no known sign.', {
      where: component.source,
      expected: 'one snapshot at least',
      kept: `${passedOver.length} examined: ${passedOver.map((one) => `${one.time} ${one.reason}`).join(', ')}`,
      cure: 'Look for another copy of these backups, off-site or offline.',
    });
    return this.#emptied(recovery, component, none);
  }

  /**
   * The nights that may be chosen, newest first, with what speaks against each. All of them are looked through where a finder is to be
   * had; where it cannot work on this machine, each restored night is examined by itself: care does not wait for a scanner.
   */
  async #lookThrough(nights: NightsState, { component, source: name }: RecoveringComponent, work: Work) {
    const since = compromisedSince(nights, component);
    const elapsed = this.#ports.stopwatch();
    const found = await this.#ports.cleanPoints?.find(name, this.cleanPointAsk(nights, component), work);
    if (found?.ok === true) {
      const judged = judgedAll(component, name, found.value, Math.round(elapsed() * 10) / 10);
      const candidates = found.value.snapshots.toReversed().map((night) => ({
        ...night,
        against: speaksAgainst(night),
        notExamined: night.notExamined.length,
      }));
      return accept({ judged, candidates, rulesOf: judged.rulesOf ?? '' });
    }
    if (found !== undefined && !withoutFinder.includes(found.refusal.code)) return found;
    const listed = await this.#ports.source(name)?.snapshots(work);
    if (listed?.ok !== true)
      return listed ?? refuse('source-unknown', 'No backup source has this name.', { where: name });
    const candidates = listed.value.toReversed().map(({ id, time, damaged }) => {
      const suspect = isSuspect(time, since);
      return { id, time, against: damaged === true ? 'backup-damaged' : suspect ? 'suspect' : null, notExamined: 0 };
    });
    return accept({ judged: null, candidates, rulesOf: RULES_OF });
  }

  /** What the finder is asked for a component: its canaries, and what people said of it. */
  cleanPointAsk(nights: NightsState, component: string): CleanPointAsk {
    return {
      canaries: this.#ports.service(component)?.canaries ?? [],
      compromisedSince: compromisedSince(nights, component),
      explained: explainedOf(nights, component),
    };
  }

  /** A try that came to nothing leaves nothing: its half-restored files may be what fills the disk. */
  async #emptied(recovery: Recovery, component: RecoveringComponent, refusing: Refusing): Promise<Refusing> {
    await this.#ports.folders.staging(recovery.recovery, component.component);
    return refusing;
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
      if (!restored.ok) return this.#emptied(recovery, component, restored);
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

  /** What runs on a night that was set aside must not go on beside the next one's. */
  async #stop({ recovery }: Recovery, { component }: RecoveringComponent): Promise<Result<void>> {
    if (this.#ports.service(component)?.member == null) return accept(undefined);
    const stopped = await this.#ports.cleanRoom.stop(recovery, component);
    if (stopped.ok) this.#members.delete(memberKey(recovery, component));
    return stopped;
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
    const { recovery: room } = recovery;
    const spec = { ...service.member, dataDirectory: standing.folder };
    let started = await this.#ports.cleanRoom.start(room, spec);
    if (!started.ok && started.refusal.code === 'member-differs') {
      // The configuration was corrected since it was started: the new words are what a person wants now.
      const stopped = await this.#ports.cleanRoom.stop(room, spec.id);
      started = stopped.ok ? await this.#ports.cleanRoom.start(room, spec) : stopped;
    }
    if (!started.ok) return started;
    this.#members.set(memberKey(room, component.component), started.value);
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

  async #verify(recovery: Recovery, component: RecoveringComponent, work: Work) {
    const running = await this.#stillRunning(recovery, component);
    if (!running.ok) return running;
    const found: { probe: string; facts: KnownFact[] }[] = [];
    for (const name of component.probes) {
      const probe = this.#ports.probe(name);
      const member = this.member(recovery.recovery, component.component);
      if (probe === undefined)
        return refuse('probe-unknown', 'No clinical probe of the configuration has this name.', { where: name });
      if (member === undefined)
        return refuse('member-missing', 'The restored service is not running.', { where: component.component });
      await using way = await this.#ports.reach(member, probe.port);
      const asked = await this.#askUntilAnswered(probe.probe, way.address, work);
      if (!asked.ok) return asked;
      found.push({ probe: name, facts: asked.value });
    }
    return accept(found);
  }

  /** A service that died since it was started is started again; then what was proved of its room is proved again. */
  async #stillRunning(recovery: Recovery, component: RecoveringComponent): Promise<Result<void>> {
    const before = this.member(recovery.recovery, component.component);
    const started = await this.#start(recovery, component);
    if (!started.ok) return started;
    const now = this.member(recovery.recovery, component.component);
    if (before?.pid === now?.pid) return started;
    return refuse('member-restarted', 'The restored service had stopped, and was started again.', {
      where: component.component,
      expected: 'a service that goes on running',
      kept: 'its data, as it left them',
      cure: 'It is verified again once its room is proved closed again.',
      retryable: true,
    });
  }
}

const memberKey = (recovery: string, component: string): string => `${recovery}/${component}`;

/** Why a night is not chosen; null where nothing known speaks against it. */
function speaksAgainst({ verdict, suspect, findings }: CleanPointFound['snapshots'][number]): string | null {
  if (suspect) return 'suspect';
  switch (verdict) {
    case 'clean':
      return null;
    case 'damaged':
      return 'backup-damaged';
    case 'dirty':
    case 'unknown':
      return findings.find(({ explained }) => explained !== true)?.rule ?? 'not-examined';
  }
}

const serviceUnknown = (component: string) =>
  refuse('service-unknown', 'The configuration does not say how this component is run.', {
    where: component,
    cure: 'Add it to services.',
  });

const dataMissing = (component: string) =>
  refuse('data-missing', 'The fetched data is not where it was put.', { where: component, retryable: true });
