import { entry } from '../entry.ts';
import type { Said } from '../said.ts';

const functions = (count: number) => (count === 1 ? '1 fonction de soins' : `${count} fonctions de soins`);
const lines = (count: number) => (count === 1 ? '1 ligne' : `${count} lignes`);
const components = (count: number) => (count === 1 ? '1 composant' : `${count} composants`);

const levels = {
  nominal: 'Nominal',
  veille: 'Veille',
  mobilisationInterne: 'Mobilisation interne',
  planBlanc: 'Plan blanc',
  levee: 'Levée',
};

const causes = {
  componentLost: 'Panne d’un système',
  ransomwareSign: 'Signes de rançongiciel',
  powerOnBattery: 'Coupure d’électricité',
  unknown: 'Cause inconnue',
};

const componentStates: { [state: string]: string } = {
  up: 'fonctionne',
  degraded: 'fonctionne mal',
  down: 'en panne',
  unknown: 'état inconnu',
  isolated: 'isolé',
  restoring: 'en restauration',
};
const signs: { [sign: string]: string } = {
  canaryAltered: 'fichier témoin altéré',
  canaryMissing: 'fichier témoin disparu',
  backupAnomaly: 'sauvegarde anormale',
  massChange: 'fichiers changés en masse',
};
const holdEnds: { [reason: string]: string } = {
  expired: 'confirmation expirée',
  givenUp: 'le service ne tient plus',
  servedAgain: 'de nouveau servie',
};
const decisions: { [decision: string]: string } = { diverted: 'réorientée', reduced: 'réduite', resumed: 'reprise' };
const outcomes: { [outcome: string]: string } = { done: 'fait', skipped: 'passé', failed: 'échoué' };
const restoreSteps: { [step: string]: string } = {
  choose: 'choix de la sauvegarde',
  fetch: 'lecture',
  start: 'démarrage',
  verify: 'vérification',
  release: 'réouverture',
};

export const activate = {
  causes,
  incident: 'Incident en cours',
  incidentOf: (cause: string) => cause,
  allIncidents: 'Incidents',
  closed: 'clos',
  noIncident: 'Aucun incident',
  noIncidentMeans:
    'Une alarme en ouvre un d’elle-même et lance son plan. Pour voir comment, jouez un incident depuis le Tableau.',
  toBoard: 'Revenir au Tableau',
  openRoom: 'Ouvrir la salle de crise',
  nextIs: 'À faire :',
  lossSince: (since: string, length: string) => `Perte ${since} (${length})`,
  functionsTouched: (count: number) =>
    count === 1 ? '1 fonction de soins touchée' : `${count} fonctions de soins touchées`,
  closedAt: (at: string) => `clos ${at}`,
  roots: 'À l’origine :',
  nextActions: 'À faire maintenant',
  forYou: 'Pour vous, maintenant',
  forAnyone: 'À faire maintenant, par qui le peut',
  forRole: (role: string) => `À faire maintenant : ${role}`,
  also: 'Aussi possible dès maintenant',
  done: 'Fait',
  skip: 'Passer cette étape',
  nothingWaits: 'Rien n’attend une personne pour l’instant.',
  readyToReopen: (name: string) => `${name} : vérifiée, prête à rouvrir`,
  level: 'Niveau d’activation',
  changeLevel: 'Changer',
  newLevel: 'Nouveau niveau',
  setLevel: (level: string) => `Passer à : ${level}`,
  levels,
  levelMeans: {
    nominal: 'Fonctionnement ordinaire.',
    veille: 'La situation est suivie ; personne n’est rappelé.',
    mobilisationInterne: 'Les moyens présents sont réorganisés et la cellule de crise se réunit.',
    planBlanc:
      'Le plan blanc est déclenché : du personnel est rappelé et des activités sont reportées. La décision est inscrite à la main courante avec votre nom.',
    levee:
      'Le dispositif est levé : chacun revient à son poste. La décision est inscrite à la main courante avec votre nom.',
  },
  closeMeans: 'Clore l’incident : la main courante reste lisible, plus rien ne s’y ajoute.',
  close: 'Clore l’incident',
  plan: 'Plan',
  noPlan: 'Aucun plan lancé pour cet incident.',
  stepsDone: (done: number, total: number) => `${done} étapes sur ${total}`,
  automatic: 'par Reflexe',
  stepStates: { waiting: 'attend une autre étape', ready: 'à faire', done: 'fait', skipped: 'passé', failed: 'échoué' },
  roles: 'Cellule de crise',
  noRole: 'Personne n’a encore pris de rôle.',
  takeRole: 'Prendre un rôle',
  take: 'Je le prends',
  you: (name: string) => `${name} (vous)`,
  byReflexe: 'Reflexe',
  cellRoles: {
    crisisDirector: 'Direction de crise',
    administratorOnCall: 'Astreinte administrative',
    cio: 'DSI',
    ciso: 'RSSI',
    technician: 'Technique informatique',
    technicalService: 'Services techniques',
    medicalCell: 'Cellule médicale',
    careDirector: 'Direction des soins',
    clinician: 'Service de soins',
    communication: 'Communication',
    logistics: 'Logistique',
    legal: 'Juridique',
    dpo: 'Protection des données',
    logKeeper: 'Main courante',
    administrator: 'Administration de Reflexe',
  },
  log: 'Main courante',
  kind: 'Nature de la ligne',
  kinds: { fact: 'Fait', decision: 'Décision', action: 'Action', message: 'Message' },
  kindsPlural: {
    fact: 'Faits',
    decision: 'Décisions',
    action: 'Actions',
    message: 'Messages',
    automatic: 'Automatiques',
  },
  automaticLine: 'Automatique',
  allKinds: 'Tout',
  filter: 'Lignes affichées',
  newLine: 'Ce qui se passe, ce qui est décidé…',
  write: 'Inscrire',
  noLine: 'Aucune ligne de cette nature.',
  erased: '(texte effacé)',
  searchLog: 'Chercher dans la main courante',
  searched: (text: string) => `« ${text} »`,
  linesOf: (count: number, total: number) => (count === total ? lines(total) : `${count} sur ${lines(total)}`),
  folded: (count: number) => (count === 1 ? '1 repliée' : `${count} repliées`),
  leftOut: (count: number) => `${lines(count)} de plus, au journal`,
  unfoldAll: 'Tout déplier',
  foldAll: 'Tout replier',
  endOfLog: 'Fin de la main courante.',
  routine: {
    states: (count: number) => (count === 1 ? '1 changement d’état' : `${count} changements d’état`),
    holds: (count: number) => (count === 1 ? '1 confirmation de tenue' : `${count} confirmations de tenue`),
    holdEnds: (count: number) => (count === 1 ? '1 fin de tenue' : `${count} fins de tenue`),
    estimates: (count: number) => (count === 1 ? '1 retour annoncé' : `${count} retours annoncés`),
    alarms: (count: number) => (count === 1 ? '1 suite d’alarme' : `${count} suites d’alarme`),
    steps: (count: number) => (count === 1 ? '1 étape automatique' : `${count} étapes automatiques`),
  },
  numbered: (number: number) => `Incident ${number}`,
  areTheyOne: 'Une seule et même crise ?',
  joinTo: (number: number) => `Joindre à l’incident ${number}`,
  joinHere: (number: number) => `Joindre l’incident ${number} à celui-ci`,
  joinMeans:
    'Ses alarmes, ses plans et sa main courante continuent dans l’autre, avec le niveau le plus haut des deux. La décision est inscrite avec votre nom et ne se défait pas.',
  joinedTo: (number: number) => `joint à l’incident ${number}`,
  seeJoined: (number: number) => `La suite est dans l’incident ${number}`,
  openIncidents: (count: number) => `${count} incidents en cours`,
};

/** One sentence per kind of event that speaks to a crisis cell. */
export const log = {
  ComponentStateChanged: (said: Said) =>
    `${said.name('component')} : ${componentStates[said.word('to')] ?? said.word('to')}`,
  RansomwareSignSeen: (said: Said) => `${said.name('component')} : ${signs[said.word('sign')] ?? said.word('sign')}`,
  AlarmRaised: (said: Said) =>
    `Alarme : ${causeOf(said.word('cause'))}, à l’origine ${said.name('root')}. ${components(said.count('components'))}, ${functions(said.count('careFunctions'))}`,
  AlarmWidened: (said: Said) =>
    `L’alarme s’étend : ${components(said.count('components'))}, ${functions(said.count('careFunctions'))}`,
  AlarmCleared: (_said: Said) => 'Fin d’alarme',
  WardReported: (said: Said) =>
    `${said.name('ward')} : ${said.name('careFunction')} ${said.count('works') === 1 ? 'marche' : 'ne marche pas'}`,
  IncidentOpened: (said: Said) =>
    `Incident ouvert : ${causeOf(said.word('cause'))}, ${functions(said.count('careFunctions'))}`,
  AlarmJoinedIncident: (said: Said) =>
    `Une autre alarme rejoint l’incident : ${functions(said.count('careFunctions'))}`,
  IncidentMerged: (said: Said) => `${said.name('incident')}, joint à : ${said.name('into')}. Une seule crise`,
  ActivationLevelChanged: (said: Said) => `Niveau : ${levelOf(said.word('from'))} → ${levelOf(said.word('to'))}`,
  IncidentClosed: (_said: Said) => 'Incident clos',
  RoleTaken: (said: Said) => `Rôle pris : ${roleOf(said.word('role'))}`,
  PlanStarted: (said: Said) => `Plan lancé : ${said.name('plan')}, ${said.count('steps')} étapes`,
  PlanStepDone: (said: Said) => `${said.step()} : ${outcomes[said.word('outcome')] ?? said.word('outcome')}`,
  HoldConfirmed: (said: Said) =>
    `${said.name('ward')} ${said.count('extended') === 1 ? 'tient au-delà du mode dégradé' : 'tient'} : ${said.name('careFunction')}, ${said.until('until')}`,
  HoldEnded: (said: Said) =>
    `${said.name('ward')}, ${said.name('careFunction')} : fin de la tenue, ${holdEnds[said.word('reason')] ?? said.word('reason')}`,
  ActivityDecided: (said: Said) =>
    `${said.name('careFunction')} : activité ${decisions[said.word('decision')] ?? said.word('decision')}, ${said.count('wards') === 1 ? '1 service' : `${said.count('wards')} services`}`,
  ReturnEstimated: (said: Said) =>
    `${said.name('careFunction')} : retour annoncé entre ${said.moment('p50')} et ${said.moment('p90')}`,
  RecoveryPlanned: (said: Said) =>
    `Restauration planifiée : ${components(said.count('components'))}${said.count('leftOut') > 0 ? `, ${said.count('leftOut')} sans sauvegarde connue` : ''}`,
  CleanRoomOpened: (_said: Said) => 'Salle blanche ouverte',
  IsolationProved: (said: Said) =>
    said.count('escaped') === 0
      ? `Isolement prouvé : ${said.count('attempts')} sorties tentées, aucune n’a passé`
      : `Isolement rompu : ${said.count('escaped')} sorties sur ${said.count('attempts')} ont passé`,
  SnapshotChosen: (said: Said) =>
    `${said.name('component')} : sauvegarde choisie, données ${said.until('horizon')}${said.count('passedOver') > 0 ? ` (${said.count('passedOver')} plus récentes écartées)` : ''}`,
  NightSetAside: (said: Said) =>
    `${said.name('component')} : nuit écartée après vérification, données ${said.until('horizon')} ; une plus ancienne est cherchée`,
  RecoveryStepFailed: (said: Said) =>
    `${said.name('component')} : échec, ${restoreSteps[said.word('step')] ?? said.word('step')} (${said.word('because')})`,
  ComponentVerified: (said: Said) =>
    said.count('agrees') === 1
      ? `${said.name('component')} : ${said.count('checks')} faits vérifiés, tous concordent`
      : `${said.name('component')} : la vérification ne concorde pas`,
  CareFunctionReleased: (said: Said) =>
    `${said.name('careFunction')} : rouverte aux soignants en ${said.long('restoredSeconds')} (objectif ${said.long('targetSeconds')})`,
  RecoveryClosed: (said: Said): string =>
    said.word('outcome') === 'released' ? 'Restauration terminée' : 'Restauration abandonnée',
};

const causeOf = (cause: string) => entry(causes, cause) ?? cause;
const levelOf = (level: string) => entry(levels, level) ?? level;
const roleOf = (role: string) => entry(activate.cellRoles, role) ?? role;
