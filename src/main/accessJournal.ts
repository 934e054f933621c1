import type { AccessNotice } from '../access/notices.ts';
import type { WaysInNotice } from '../access/waysInNotices.ts';
import type { HospitalWorld } from './world.ts';

/** What concerns people's access becomes part of the hospital's journal: the trail that an auditor reads. */
export function noteAccess(world: HospitalWorld): (notice: AccessNotice | WaysInNotice) => void {
  return ({ type: what, ...rest }) => {
    const { person, ...details } = { person: undefined, ...rest };
    const actor = person === undefined ? 'access' : `person:${person}`;
    const note = { type: 'NoteAccess', what, details, ...(person === undefined ? {} : { person }) } as const;
    void world.submit(note, { actor }).then(
      (noted) => {
        if (!noted.ok) world.options.onTrouble(`access trail: ${what}`, new Error(noted.refusal.code));
      },
      (error: unknown) => world.options.onTrouble(`access trail: ${what}`, error),
    );
  };
}
