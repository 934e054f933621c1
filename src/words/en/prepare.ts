import type { Catalogue } from '../fr.ts';

export const prepare: Catalogue['prepare'] = {
  exercise: 'Exercise',
  notReal: 'EXERCISE — none of this is real',
  finished: 'The story is over.',
  stopped: 'Exercise stopped.',
  speed: 'Speed',
  times: (factor) => `× ${factor}`,
  speedMeans: (factor) =>
    factor === 1
      ? 'A minute lasts a minute.'
      : factor < 60
        ? `An hour passes in ${60 / factor} minutes.`
        : `An hour passes in ${3600 / factor} seconds.`,
  stop: 'Stop the exercise',
  backToReal: 'Back to the real hospital',
  drill: 'Laboratory drill',
  drillNotReal: 'LABORATORY — no real patient',
  drillIs: 'A hospital in miniature is really attacked, then really restored, on this machine.',
  exerciseRuns: 'An exercise is running: follow it',
  drillRuns: 'A laboratory drill is running: follow it',
  play: 'Play an incident',
  playPromise:
    'A real incident is replayed on your map, in a journal of its own. Nothing gets out: no message, no shutdown, no restoration.',
  whichIncident: 'Which incident?',
  noScenario: 'No story is installed.',
  begin: 'Start the exercise',
  stopDrill: 'Stop the drill',
  putAway: 'Put the laboratory away',
  drillSucceeded: 'Drill succeeded: every care function of the perimeter is back, verified.',
  drillFell: 'The drill did not come to its end.',
  stages: {
    leftovers: 'Putting away what an earlier drill left.',
    hospital: 'The hospital in miniature starts.',
    watch: 'Reflexe begins to watch it.',
    nights: 'The backups of several nights are made.',
    attack: 'The attack encrypts its data.',
    detection: 'Reflexe must see it.',
    containment: 'What is touched is isolated.',
    restoration: 'Reflexe restores in the clean room.',
    release: 'Care functions reopen.',
    report: 'The report is written.',
  },
  ended: 'It is over',
  endedMeans: 'This exercise or drill has ended, or a real alarm interrupted it. The real Board is up to date.',
  startDrill: 'Laboratory drill',
  drillStarts: 'The laboratory starts…',
};
