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
  stopDrill: 'Arrêter l’essai',
  putAway: 'Ranger le laboratoire',
  drillSucceeded: 'Essai réussi : chaque fonction de soins du périmètre est revenue, vérifiée.',
  drillFell: 'L’essai n’a pas abouti.',
  stages: {
    leftovers: 'On range ce qu’un essai précédent a laissé.',
    hospital: 'L’hôpital miniature démarre.',
    watch: 'Reflexe commence à l’observer.',
    nights: 'Les sauvegardes de plusieurs nuits se font.',
    attack: 'L’attaque chiffre ses données.',
    detection: 'Reflexe doit la voir.',
    containment: 'Ce qui est touché est isolé.',
    restoration: 'Reflexe restaure dans la salle blanche.',
    release: 'Les fonctions de soins rouvrent.',
    report: 'Le rapport s’écrit.',
  },
  ended: 'C’est terminé',
  endedMeans: 'Cet exercice ou cet essai est fini, ou une vraie alarme l’a interrompu. Le Tableau du réel est à jour.',
  startDrill: 'Essai en laboratoire',
  drillStarts: 'Le laboratoire démarre…',
};
