export const prepare = {
  exercise: 'Exercice',
  notReal: 'EXERCICE — rien de ceci n’est réel',
  finished: 'L’histoire est finie.',
  stopped: 'Exercice arrêté.',
  speed: 'Vitesse',
  times: (factor: number) => `× ${factor}`,
  speedMeans: (factor: number) =>
    factor === 1
      ? 'Une minute dure une minute.'
      : factor < 60
        ? `Une heure passe en ${60 / factor} minutes.`
        : `Une heure passe en ${3600 / factor} secondes.`,
  stop: 'Arrêter l’exercice',
  backToReal: 'Revenir au réel',
  drill: 'Essai en laboratoire',
  drillNotReal: 'LABORATOIRE — aucun patient réel',
  drillIs: 'Un hôpital miniature est vraiment attaqué, puis vraiment restauré, sur cette machine.',
  exerciseRuns: 'Un exercice est en cours : le suivre',
  drillRuns: 'Un essai en laboratoire est en cours : le suivre',
  play: 'Jouer un incident',
  playPromise:
    'Un incident réel est rejoué sur votre carte, dans un journal à part. Rien ne sort : ni message, ni arrêt, ni restauration.',
  whichIncident: 'Quel incident ?',
  noScenario: 'Aucune histoire n’est installée.',
  begin: 'Commencer l’exercice',
  startDrill: 'Essai en laboratoire',
  drillStarts: 'Le laboratoire démarre…',
};
