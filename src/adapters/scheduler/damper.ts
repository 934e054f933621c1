import {
  combine,
  type DampedCheck,
  type DampingRule,
  damp,
  isFlapping,
  isSilent,
  startDamped,
} from '../../detect/damping.ts';
import type { DetectCommand } from '../../detect/decide.ts';
import type { Level, Observation } from '../../detect/observation.ts';
import type { Clock } from '../../detect/ports.ts';
import type { ComponentState } from '../../map/model.ts';

/** What the journal knows of a component (`knownOf` of the room's state). */
export interface Known {
  state: ComponentState;
  unconfirmed: boolean;
}

export interface DamperOptions {
  rules: readonly DampingRule[];
  clock: Clock;
  known(component: string): Known;
  /** Resolves once durable or refused. */
  submit(command: DetectCommand): Promise<{ ok: boolean }>;
}

/** How often silence is looked for. */
export const SILENCE_MILLISECONDS = 1000;

/**
 * Decides when observations are a change of state, and submits it. Its memory is lost with the process and needs no keeping:
 * after a restart it starts from the states the journal knows. A submission that fails is made again at the next observation,
 * for what is believed is compared with what the journal knows each time.
 */
export class Damper {
  readonly #options: DamperOptions;
  readonly #rules: ReadonlyMap<string, DampingRule>;
  readonly #checksOf = new Map<string, DampingRule[]>();
  readonly #damped = new Map<string, DampedCheck>();

  constructor(options: DamperOptions) {
    this.#options = options;
    this.#rules = new Map(options.rules.map((rule) => [rule.id, rule]));
    const now = options.clock.now();
    for (const rule of options.rules) {
      this.#checksOf.set(rule.component, [...(this.#checksOf.get(rule.component) ?? []), rule]);
      this.#damped.set(rule.id, startDamped(levelOf(options.known(rule.component)), now));
    }
  }

  async observe(observation: Observation): Promise<void> {
    const rule = this.#rules.get(observation.check);
    const before = this.#damped.get(observation.check);
    if (rule === undefined || before === undefined) return;
    this.#damped.set(rule.id, damp(before, rule, observation));
    if (observation.sign !== undefined) {
      const { sign, detail, at } = observation;
      await this.#options.submit({
        type: 'ReportRansomwareSign',
        component: rule.component,
        check: rule.id,
        sign,
        detail,
        since: iso(at),
      });
    }
    await this.#settle(rule.component);
  }

  /** Looks for checks that no longer say anything, at `SILENCE_MILLISECONDS` until stopped. */
  async listenForSilence(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleepUntil(clock.now() + SILENCE_MILLISECONDS, signal);
      if (!signal.aborted) await this.settleSilent();
    }
  }

  async settleSilent(): Promise<void> {
    const now = this.#options.clock.now();
    for (const [component, rules] of this.#checksOf) {
      const silent = rules.some((rule) =>
        isSilent(this.#damped.get(rule.id) ?? startDamped('unknown', now), rule, now),
      );
      if (silent) await this.#settle(component);
    }
  }

  isFlapping(check: string): boolean {
    const damped = this.#damped.get(check);
    return damped !== undefined && isFlapping(damped);
  }

  async #settle(component: string): Promise<void> {
    const { clock, known, submit } = this.#options;
    const checks = (this.#checksOf.get(component) ?? []).flatMap((rule) => {
      const damped = this.#damped.get(rule.id);
      return damped === undefined ? [] : [{ rule, damped }];
    });
    const believed = combine(checks, clock.now());
    const journal = known(component);
    if (believed === undefined || journal.state === 'restoring' || journal.state === 'isolated') return;
    // Restored elsewhere: all a check can add is that it sees it up there too.
    if (journal.unconfirmed ? believed.level !== 'up' : believed.level === journal.state) return;
    await submit({
      type: 'ChangeComponentState',
      component,
      to: believed.level,
      since: iso(believed.since),
      evidence: believed.evidence,
    });
  }
}

/** What people isolated or restoration holds says nothing of what a check would see where it looks. */
function levelOf({ state, unconfirmed }: Known): Level {
  return unconfirmed || state === 'isolated' || state === 'restoring' ? 'unknown' : state;
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
