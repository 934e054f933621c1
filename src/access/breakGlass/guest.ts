import { foldName, type Grant, type Person } from '../person.ts';

export const guestKind = 'guest';

/** A person made for one use of a break-glass: signs in no other way, and has rights for as long as the use lasts. */
export const guestOf = (id: string, displayName: string, grants: readonly Grant[]): Person => ({
  id,
  name: foldName(id),
  displayName,
  grants,
});

export const isGuest = (person: string): boolean => person.startsWith(`${guestKind}-`);
