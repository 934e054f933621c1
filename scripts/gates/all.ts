import { asvs } from './asvs.ts';
import { decisions } from './decisions.ts';
import type { Gate } from './gate.ts';
import { layers } from './layers.ts';
import { lock } from './lock.ts';
import { purity } from './purity.ts';
import { shell } from './shell.ts';
import { style } from './style.ts';
import { types, typesOfRooms, typesOfWeb, typesOfWebTests } from './types.ts';
import { unused } from './unused.ts';

/** The accessibility gate is not here: it looks at running pages, so the browser tests apply it (axe.ts). */
export const gates: readonly Gate[] = [
  types,
  typesOfRooms,
  typesOfWeb,
  typesOfWebTests,
  style,
  layers,
  purity,
  unused,
  decisions,
  lock,
  shell,
  asvs,
];
