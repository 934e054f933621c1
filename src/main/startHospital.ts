import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { accept, type Result, refuse } from '../journal/result.ts';
import { referenceFrom } from '../map/firstHour/referenceFrom.ts';
import { reflexeHost } from '../map/firstHour/reflexeHost.ts';
import type { HospitalMap } from '../map/model.ts';
import type { HospitalStart, NewHospital } from '../server/startRoutes.ts';
import type { AccessJournal } from './accessJournal.ts';
import type { Exercises } from './exercises.ts';
import type { Live } from './live.ts';
import { chooseOwn, configurationOf, type Folders, isExample, putExampleAway, writeOwn } from './ownHospital.ts';
import { whyOf } from './whyOf.ts';
import type { Worlds } from './worlds.ts';

export interface StartHospitalParts {
  folders: Folders;
  live: Live;
  worlds: Worlds;
  exercises: Exercises;
  accessJournal: AccessJournal;
}

/** The map a hospital begins with: its name, and what Reflexe runs on. */
export function firstMap({ name, finess, timeZone }: NewHospital, hasDirectory: boolean): HospitalMap {
  const { reflexe, components } = reflexeHost(hostname(), hasDirectory);
  return {
    version: 1,
    establishment: {
      id: referenceFrom(name),
      name: { fr: name },
      timeZone,
      reflexe,
      ...(finess === undefined ? {} : { finess }),
    },
    sites: [],
    wards: [],
    suppliers: [],
    contracts: [],
    teams: [],
    careFunctions: [],
    components,
    startTogether: [],
  };
}

/** Puts the example away and begins the hospital's own map: its own journal, under the same hub, people, rights and keys. */
export function startHospital({ folders, live, worlds, exercises, accessJournal }: StartHospitalParts): HospitalStart {
  let isBeginning = false;
  const stands = () => (isExample(folders) && configurationOf(folders) === folders.configuration ? 'example' : 'own');
  return {
    stands,
    async begin(hospital, by): Promise<Result<void>> {
      if (isBeginning || stands() === 'own') return alreadyOwn(live.world.state.map.document?.establishment.name.fr);
      isBeginning = true;
      try {
        const { dataFolder, configuration } = folders;
        await writeOwn(folders, firstMap(hospital, existsSync(join(configuration, 'sign-in.yaml'))));
        const { id } = live.world.info();
        await exercises.close();
        worlds.remove(id);
        let trouble: unknown;
        const opened = await live.replace(async () => {
          await chooseOwn(dataFolder).catch((error: unknown) => {
            trouble = error;
          });
          await putExampleAway(dataFolder);
          return configurationOf(folders);
        });
        if (!opened.ok) return opened;
        exercises.follow();
        worlds.add(live.world);
        if (trouble !== undefined) return notStarted(trouble);
        await accessJournal.recordAll(by);
        return accept(undefined);
      } finally {
        isBeginning = false;
      }
    },
  };
}

const notStarted = (why: unknown) =>
  refuse('hospital-not-started', 'The example could not be put away.', {
    where: whyOf(why),
    kept: 'The example is in place, as it was.',
    cure: 'See to the disk of this machine, then begin again.',
    retryable: true,
  });

const alreadyOwn = (name = '') =>
  refuse('hospital-started', 'This hub is already a hospital of its own, not the example.', {
    where: name,
    kept: 'Nothing was changed.',
    cure: 'Go on with its map; things put on it can be changed, and every change undone.',
  });
