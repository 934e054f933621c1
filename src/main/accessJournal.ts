import { isDeepStrictEqual } from 'node:util';
import type { KeyNotice } from '../access/keys/notices.ts';
import type { AccessNotice } from '../access/notices.ts';
import type { AccessStores } from '../access/ports.ts';
import type { Grant } from '../access/roles.ts';
import type { WaysInNotice } from '../access/waysInNotices.ts';
import type { Result } from '../journal/result.ts';
import type { HospitalCommand } from './hospital.ts';
import type { HospitalWorld } from './world.ts';

/**
 * Joins people's access to the hospital's journal: what happens to it is noted, in ids; rights are journalled before they hold.
 * A hub killed between the two gives, at its next start, what the journal says.
 */
export class AccessJournal {
  readonly #live: { readonly world: HospitalWorld };
  readonly #people: AccessStores['people'];

  /** `live.world` may be another one later: what is noted goes to the one at work. */
  constructor(live: { readonly world: HospitalWorld }, people: AccessStores['people']) {
    this.#live = live;
    this.#people = people;
    for (const [id, grants] of Object.entries(live.world.state.access.grants)) {
      const person = people.byId(id);
      if (person && !isDeepStrictEqual(person.grants, grants)) people.setGrants(id, grants);
    }
  }

  readonly note = ({ type: what, ...rest }: AccessNotice | WaysInNotice | KeyNotice): void => {
    const { person, ...details } = { person: undefined, ...rest };
    // Whoever did it, where that is somebody else than the one it concerns.
    const by = 'by' in rest && typeof rest.by === 'string' ? rest.by : person;
    const actor = by === undefined ? 'access' : `person:${by}`;
    this.#submit({ type: 'NoteAccess', what, details, ...(person === undefined ? {} : { person }) }, actor);
    const newcomer = what === 'personAdded' && person !== undefined ? this.#people.byId(person) : undefined;
    if (newcomer) this.#submit({ type: 'ChangeGrants', person: newcomer.id, grants: [...newcomer.grants] }, actor);
  };

  readonly record = (person: string, grants: Grant[], by: string): Promise<Result<unknown>> =>
    this.#live.world.journal.queue.submit({ type: 'ChangeGrants', person, grants }, { actor: `person:${by}` });

  /** Everybody's rights as they stand: what a journal that begins must say first. `by`: an actor. */
  async recordAll(by: string): Promise<void> {
    for (const { id: person, grants } of this.#people.all())
      await this.#live.world.journal.queue.submit({ type: 'ChangeGrants', person, grants: [...grants] }, { actor: by });
  }

  #submit(command: HospitalCommand, actor: string): void {
    const { journal, options } = this.#live.world;
    void journal.queue.submit(command, { actor }).then(
      (noted) => {
        if (!noted.ok) options.onTrouble(`access trail: ${noted.refusal.code}`, undefined);
      },
      (error: unknown) => options.onTrouble('access trail', error),
    );
  }
}
