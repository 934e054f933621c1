import type { FastifyRequest } from 'fastify';
import type { Letterhead, PaperPrinter } from '../access/paper.ts';
import type { WaysIn } from '../access/waysIn.ts';
import type { Words } from '../map/model.ts';
import type { SessionCookies } from './identify.ts';

/** The ways in without an account, and what their pages and papers are made with. */
export interface WaysInDoor {
  waysIn: WaysIn;
  /** Of the map, in its order. */
  wards(): readonly { id: string; name: Words }[];
  establishment(): { name: Words; timeZone: string };
  printer: PaperPrinter;
  /** What people are called, for lists of reviews. */
  nameOf(person: string): string | null;
  now(): number;
}

export interface WaysInSetting extends WaysInDoor {
  cookies: SessionCookies;
  isSecure: boolean;
  publicUrl: string | undefined;
}

/** Where people reach this hub, as the request itself did where nobody said; its name was checked at the door. */
export const originOf = (request: FastifyRequest, publicUrl: string | undefined): string =>
  publicUrl === undefined ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin;

export function letterhead(setting: WaysInSetting, request: FastifyRequest, language: 'fr' | 'en'): Letterhead {
  const { name, timeZone } = setting.establishment();
  const origin = originOf(request, setting.publicUrl);
  return { establishment: name, timeZone, language, origin, printedAt: setting.now() };
}
