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
  startDrill: 'Laboratory drill',
  drillStarts: 'The laboratory starts…',
};
