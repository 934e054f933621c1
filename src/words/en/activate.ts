import { entry } from '../entry.ts';
import type { Catalogue } from '../fr.ts';

const functions = (count: number) => (count === 1 ? '1 care function' : `${count} care functions`);
const lines = (count: number) => (count === 1 ? '1 line' : `${count} lines`);
const components = (count: number) => (count === 1 ? '1 component' : `${count} components`);

const componentStates: { [state: string]: string } = {
  up: 'works',
  degraded: 'works poorly',
  down: 'down',
  unknown: 'state unknown',
  isolated: 'isolated',
  restoring: 'being restored',
};
const signs: { [sign: string]: string } = {
  canaryAltered: 'canary file altered',
  canaryMissing: 'canary file missing',
  backupAnomaly: 'abnormal backup',
  massChange: 'files changed in bulk',
};
const holdEnds: { [reason: string]: string } = {
  expired: 'confirmation expired',
  givenUp: 'the ward no longer holds',
  servedAgain: 'served again',
};
const decisions: { [decision: string]: string } = { diverted: 'diverted', reduced: 'reduced', resumed: 'resumed' };
const outcomes: { [outcome: string]: string } = { done: 'done', skipped: 'skipped', failed: 'failed' };
const restoreSteps: { [step: string]: string } = {
  choose: 'choosing the backup',
  fetch: 'reading',
  start: 'starting',
  verify: 'verifying',
  release: 'reopening',
};

export const activate: Catalogue['activate'] = {
  causes: {
    componentLost: 'System failure',
    ransomwareSign: 'Signs of ransomware',
    powerOnBattery: 'Power cut',
    unknown: 'Unknown cause',
  },
  incident: 'Incident under way',
  incidentOf: (cause) => cause,
  allIncidents: 'Incidents',
  closed: 'closed',
  noIncident: 'No incident',
  noIncidentMeans: 'An alarm opens one by itself and starts its plan. To see how, play an incident from the Board.',
  toBoard: 'Back to the Board',
  openRoom: 'Open the incident room',
  nextIs: 'To do:',
  lossSince: (since, length) => `Loss ${since} (${length})`,
  functionsTouched: (count) => (count === 1 ? '1 care function touched' : `${count} care functions touched`),
  closedAt: (at) => `closed ${at}`,
  roots: 'At its origin:',
  nextActions: 'To do now',
  forYou: 'For you, now',
  forAnyone: 'To do now, by whoever can',
  forRole: (role) => `To do now: ${role}`,
  also: 'Also possible right now',
  done: 'Done',
  skip: 'Skip this step',
  nothingWaits: 'Nothing waits for a person right now.',
  readyToReopen: (name) => `${name}: verified, ready to reopen`,
  level: 'Activation level',
  changeLevel: 'Change',
  newLevel: 'New level',
  setLevel: (level) => `Set to: ${level}`,
  levels: {
    nominal: 'Nominal',
    veille: 'Watch',
    mobilisationInterne: 'Internal mobilisation',
    planBlanc: 'White plan',
    levee: 'Stand-down',
  },
  levelMeans: {
    nominal: 'Ordinary operation.',
    veille: 'The situation is followed; nobody is called in.',
    mobilisationInterne: 'The means at hand are reorganised and the crisis cell meets.',
    planBlanc:
      'The white plan is activated: staff are called in and activities put off. The decision is written in the crisis log with your name.',
    levee: 'Everyone stands down and returns to their post. The decision is written in the crisis log with your name.',
  },
  closeMeans: 'Close the incident: its crisis log stays readable, nothing more is added.',
  close: 'Close the incident',
  plan: 'Plan',
  noPlan: 'No plan was started for this incident.',
  stepsDone: (done, total) => `${done} of ${total} steps`,
  automatic: 'by Reflexe',
  stepStates: { waiting: 'waits for another step', ready: 'to do', done: 'done', skipped: 'skipped', failed: 'failed' },
  roles: 'Crisis cell',
  noRole: 'Nobody has taken a role yet.',
  takeRole: 'Take a role',
  take: 'I take it',
  you: (name) => `${name} (you)`,
  byReflexe: 'Reflexe',
  cellRoles: {
    crisisDirector: 'Crisis director',
    administratorOnCall: 'Administrator on call',
    cio: 'CIO',
    ciso: 'CISO',
    technician: 'IT technician',
    technicalService: 'Technical service',
    medicalCell: 'Medical cell',
    careDirector: 'Director of care',
    clinician: 'Ward',
    communication: 'Communication',
    logistics: 'Logistics',
    legal: 'Legal',
    dpo: 'Data protection',
    logKeeper: 'Log keeper',
    administrator: 'Reflexe administration',
  },
  log: 'Crisis log',
  kind: 'Kind of line',
  kinds: { fact: 'Fact', decision: 'Decision', action: 'Action', message: 'Message' },
  kindsPlural: {
    fact: 'Facts',
    decision: 'Decisions',
    action: 'Actions',
    message: 'Messages',
    automatic: 'Automatic',
  },
  automaticLine: 'Automatic',
  allKinds: 'All',
  filter: 'Lines shown',
  newLine: 'What happens, what is decided…',
  write: 'Write',
  noLine: 'No line of this kind.',
  erased: '(text erased)',
  searchLog: 'Search the crisis log',
  searched: (text) => `“${text}”`,
  linesOf: (count, total) => (count === total ? lines(total) : `${count} of ${lines(total)}`),
  folded: (count) => `${count} folded`,
  leftOut: (count) => `${lines(count)} more, in the journal`,
  unfoldAll: 'Unfold all',
  foldAll: 'Fold all',
  endOfLog: 'End of the crisis log.',
  routine: {
    states: (count) => (count === 1 ? '1 change of state' : `${count} changes of state`),
    holds: (count) => (count === 1 ? '1 hold confirmed' : `${count} holds confirmed`),
    holdEnds: (count) => (count === 1 ? '1 hold ended' : `${count} holds ended`),
    estimates: (count) => (count === 1 ? '1 return announced' : `${count} returns announced`),
    alarms: (count) => (count === 1 ? '1 follow-up of an alarm' : `${count} follow-ups of alarms`),
    steps: (count) => (count === 1 ? '1 automatic step' : `${count} automatic steps`),
  },
  numbered: (number) => `Incident ${number}`,
  areTheyOne: 'One and the same crisis?',
  joinTo: (number) => `Join to incident ${number}`,
  joinHere: (number) => `Join incident ${number} to this one`,
  joinMeans:
    'Its alarms, plans and crisis log go on in the other, at the higher of the two levels. The decision is written with your name and cannot be undone.',
  joinedTo: (number) => `joined to incident ${number}`,
  seeJoined: (number) => `It goes on in incident ${number}`,
  openIncidents: (count) => `${count} incidents under way`,
};

const causeOf = (cause: string) => entry(activate.causes, cause) ?? cause;
const levelOf = (level: string) => entry(activate.levels, level) ?? level;
const roleOf = (role: string) => entry(activate.cellRoles, role) ?? role;

export const log: Catalogue['log'] = {
  ComponentStateChanged: (said) => `${said.name('component')}: ${componentStates[said.word('to')] ?? said.word('to')}`,
  RansomwareSignSeen: (said) => `${said.name('component')}: ${signs[said.word('sign')] ?? said.word('sign')}`,
  AlarmRaised: (said) =>
    `Alarm: ${causeOf(said.word('cause'))}, at its origin ${said.name('root')}. ${components(said.count('components'))}, ${functions(said.count('careFunctions'))}`,
  AlarmWidened: (said) =>
    `The alarm widens: ${components(said.count('components'))}, ${functions(said.count('careFunctions'))}`,
  AlarmCleared: () => 'End of alarm',
  WardReported: (said) =>
    `${said.name('ward')}: ${said.name('careFunction')} ${said.count('works') === 1 ? 'works' : 'does not work'}`,
  IncidentOpened: (said) =>
    `Incident opened: ${causeOf(said.word('cause'))}, ${functions(said.count('careFunctions'))}`,
  AlarmJoinedIncident: (said) => `Another alarm joins the incident: ${functions(said.count('careFunctions'))}`,
  IncidentMerged: (said) => `${said.name('incident')} joined to ${said.name('into')}: one crisis`,
  ActivationLevelChanged: (said) => `Level: ${levelOf(said.word('from'))} → ${levelOf(said.word('to'))}`,
  IncidentClosed: () => 'Incident closed',
  RoleTaken: (said) => `Role taken: ${roleOf(said.word('role'))}`,
  PlanStarted: (said) => `Plan started: ${said.name('plan')}, ${said.count('steps')} steps`,
  PlanStepDone: (said) => `${said.step()}: ${outcomes[said.word('outcome')] ?? said.word('outcome')}`,
  HoldConfirmed: (said) =>
    `${said.name('ward')} ${said.count('extended') === 1 ? 'holds beyond its degraded mode' : 'holds'}: ${said.name('careFunction')}, ${said.until('until')}`,
  HoldEnded: (said) =>
    `${said.name('ward')}, ${said.name('careFunction')}: end of the hold, ${holdEnds[said.word('reason')] ?? said.word('reason')}`,
  ActivityDecided: (said) =>
    `${said.name('careFunction')}: activity ${decisions[said.word('decision')] ?? said.word('decision')}, ${said.count('wards') === 1 ? '1 ward' : `${said.count('wards')} wards`}`,
  ReturnEstimated: (said) =>
    `${said.name('careFunction')}: return announced between ${said.moment('p50')} and ${said.moment('p90')}`,
  RecoveryPlanned: (said) =>
    `Restoration planned: ${components(said.count('components'))}${said.count('leftOut') > 0 ? `, ${said.count('leftOut')} without a known backup` : ''}`,
  CleanRoomOpened: () => 'Clean room opened',
  IsolationProved: (said) =>
    said.count('escaped') === 0
      ? `Isolation proved: ${said.count('attempts')} ways out tried, none let through`
      : `Isolation broken: ${said.count('escaped')} of ${said.count('attempts')} ways out let through`,
  SnapshotChosen: (said) =>
    `${said.name('component')}: backup chosen, data ${said.until('horizon')}${said.count('passedOver') > 0 ? ` (${said.count('passedOver')} newer ones passed over)` : ''}`,
  NightSetAside: (said) =>
    `${said.name('component')}: night set aside after verification, data ${said.until('horizon')}; an older one is looked for`,
  RecoveryStepFailed: (said) =>
    `${said.name('component')}: failed, ${restoreSteps[said.word('step')] ?? said.word('step')} (${said.word('because')})`,
  ComponentVerified: (said) =>
    said.count('agrees') === 1
      ? `${said.name('component')}: ${said.count('checks')} facts verified, all agree`
      : `${said.name('component')}: verification does not agree`,
  CareFunctionReleased: (said) =>
    `${said.name('careFunction')}: reopened to clinicians in ${said.long('restoredSeconds')} (target ${said.long('targetSeconds')})`,
  RecoveryClosed: (said) => (said.word('outcome') === 'released' ? 'Restoration finished' : 'Restoration abandoned'),
};
