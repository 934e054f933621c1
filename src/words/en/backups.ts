import type { Catalogue } from '../fr.ts';

const components = (count: number) => (count === 1 ? '1 component' : `${count} components`);
const figures = new Intl.NumberFormat('en-GB');
const files = (count: number) => `${figures.format(count)} ${count === 1 ? 'file' : 'files'}`;
const nights = (count: number) => (count === 1 ? '1 night' : `${count} nights`);

export const backups: Catalogue['backups'] = {
  title: 'Backups',
  tabs: { label: 'Restoration and backups', recovery: 'Restoration', backups: 'Backups' },
  files,
  nights,
  whole: (proved: number, all: number) =>
    all === 1
      ? proved === 1
        ? 'The backed-up component was really restored this week'
        : 'The backed-up component was not really restored this week'
      : `${components(proved)} of ${all} really restored this week`,
  wholeNever: (count: number) => `${count} never tried`,
  wholeFailed: (count: number) => `the last trial of ${components(count)} failed`,
  wholeChanged: (count: number) => `${count} changed since the trial`,
  noneYet: 'No component on the map says what it is restored from',
  noneYetMeans:
    'On the map, say for each component from which source it is restored. Its nights then show here: their size, what changes, what was found, and whether their restoration was tried.',
  toMap: 'Open the map',
  notConfigured: 'No backup source is configured here',
  notConfiguredMeans: (names: string) =>
    `The map names these sources: ${names}. For Reflexe to read them, describe them in the section “restore” of the configuration; the page docs/restore.md says how. It reads them in place and never writes there.`,
  noSourceHere: (source: string) =>
    `The source “${source}” is not configured here: its nights are not read. Describe it in the section “restore” of the configuration (docs/restore.md).`,
  elsewhere: 'An exercise has no backups of its own',
  elsewhereMeans: 'Its components are those of the story. The hospital’s backups are read outside the exercise.',

  pass: 'Every night',
  next: (when: string, day: string) =>
    `Next pass ${when}. New nights are looked through, then some of the components are really restored in the clean room; all of them ${day}.`,
  days: ['on Sunday', 'on Monday', 'on Tuesday', 'on Wednesday', 'on Thursday', 'on Friday', 'on Saturday'],
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  noNext: 'No pass is due: nothing can be read from here.',
  lastPass: (when: string) => `Last look asked for ${when}.`,
  lastProof: (when: string) => `Last nightly trial begun ${when}.`,
  neverPassed: 'There has been no pass yet.',
  judgeAll: 'Look through all now',
  judge: 'Look through now',
  judgeAgain: 'Look through again',
  prove: 'Try the restoration',
  proveMeans:
    'Restores the last night with no known sign in an isolated clean room, verifies it, then removes everything. Nothing that care uses is touched.',
  schedule: 'Change the hour',
  scheduleTime: 'Hour of the pass',
  scheduleDay: 'Day on which all is restored',
  save: 'Save',
  running: 'A trial of restoration is running',
  runningSince: (since: string) => `Begun ${since}.`,
  scopes: {
    sample: 'Some of the components, as every night.',
    whole: 'All components, as every week.',
    asked: 'Asked for by a person.',
  },
  stop: 'Stop the trial',
  stopMeans: 'What is restored is removed; what was proved before stays proved.',
  steps: {
    choose: 'choosing the night',
    fetch: 'reading',
    start: 'starting',
    verify: 'verifying',
    release: 'reopening',
  },
  stepStates: { waiting: 'waits', running: 'running', done: 'restored and verified', failed: 'failed' },
  incident: 'An incident is open: looks and nightly trials wait until it is closed.',
  incidentChose: (name: string, when: string) => `The running restoration chose, for ${name}, the night of ${when}.`,
  incidentSeen: 'Follow the restoration',

  compromise: 'Since when was the attacker in?',
  compromiseMeans:
    'Nights of that moment and later become suspect, whatever is found in them: fit for their data only, onto rebuilt systems.',
  compromiseNone: 'Nobody has said that the system was compromised.',
  compromiseOf: { whole: 'The whole establishment', own: 'This component' },
  compromiseSaid: (scope: string, since: string) => `${scope}: compromised ${since}.`,
  compromiseBy: (name: string, when: string) => `Said by ${name} ${when}.`,
  compromiseScope: 'What is compromised',
  compromiseAt: 'Compromised since',
  compromiseDay: 'Day',
  compromiseHour: 'Time',
  compromiseSay: 'Say since when',
  compromiseDo: 'Make these nights suspect',
  compromiseWithdraw: 'Take this date back',
  compromiseNever: 'Withdraw it altogether',
  compromiseLater: 'Say a later moment',
  compromiseTwo: 'Trusting nights again takes two: a second person will have to agree.',

  list: 'What is backed up, in the order of care',
  carries: (names: string, more: number) =>
    more === 0 ? `Carries: ${names}` : `Carries: ${names} and ${more} ${more === 1 ? 'other' : 'others'}`,
  carriesNothing: 'Carries no care function',
  badges: { proved: 'Proved', changed: 'Changed since the trial', unproved: 'Unproved' },
  badgeProved: (when: string) => `really restored ${when}`,
  badgeChanged: (when: string, what: 'map' | 'means') =>
    `${what === 'map' ? 'the map changed' : 'how it is restored changed'} ${when}`,
  badgeFailed: (when: string) => `the trial failed ${when}`,
  badgeRestored: (when: string) => `read back whole ${when}, but no known fact could be verified`,
  badgeNever: 'never tried',
  provedBefore: (when: string) => `The last trial that went through was ${when}.`,
  window: 'Period',
  windows: { 30: '30 days', 90: '90 days', all: 'All' },
  older: (count: number) => `${count === 1 ? '1 older night' : `${count} older nights`}`,
  strip: (name: string) => `Nights of ${name}. Arrows go from one night to another, Enter opens it.`,
  night: (when: string) => `night of ${when}`,
  nightOf: (when: string) => `Night of ${when}`,
  previous: 'Previous night',
  following: 'Following night',
  open: 'Open this night',
  back: 'All backups',
  today: 'today',
  states: {
    clear: 'no known sign',
    sign: 'sign found',
    damaged: 'damaged',
    unknown: 'not established',
    suspect: 'suspect',
  },
  statesMean: {
    clear: 'Nothing known was found in what was examined. It is no guarantee.',
    sign: 'Something known was found in it.',
    damaged: 'It cannot be read back whole: it is not chosen.',
    unknown: 'It holds nothing, nothing in it could be examined, or its date or origin is contradicted.',
    suspect: 'Fit for its data only, onto rebuilt systems: the attacker may have been in already.',
  },
  alsoSuspect: 'Suspect too: the attacker was already in, a person said.',
  legend: 'How to read the strips',
  legendSize: 'height: size',
  legendChange: 'filled part: what is new',
  legendProved: 'really restored',
  legendMissing: 'no night on that day',
  legendLast: 'last with no known sign',
  changes: (added: string, changed: string, removed: string) =>
    `${added} added, ${changed} changed, ${removed} removed`,
  firstNight: 'first of its series',
  fresh: (share: string) => `${share} new`,
  proved: 'really restored',
  lastClear: 'Last night with no known sign',
  lastClearNone: 'No night without a known sign',
  rules: (rulesOf: string, notExamined: number) =>
    `rules of ${rulesOf}${notExamined === 0 ? '' : `; not examined: ${notExamined}`}`,
  noRules: (notExamined: number) => `without rules${notExamined === 0 ? '' : `; not examined: ${notExamined}`}`,
  before: (when: string) => `Before any sign: night of ${when}. A sign came and vanished, and nobody explained it.`,
  neverJudged: 'Its nights were never looked through.',
  asked: (since: string) => `A look was asked for ${since}: it waits for its turn.`,
  judging: 'Being looked through',
  judgingRead: (done: string, total: string) => `${done} read of ${total}`,
  judgingDone: (done: string) => `${done} read`,
  judged: (when: string, length: string) => `Looked through ${when}, in ${length}.`,
  judgeFailed: (when: string) => `The last look failed ${when}.`,
  judgeFailures: {
    interrupted: 'It was interrupted: it goes on from where it was.',
    'disk-full': 'The disk is full.',
  },

  verdict: 'What was found in it',
  signs: {
    'content-encrypted': 'content probably encrypted',
    'content-encrypted-in-part': 'content probably encrypted in part',
    'mass-rename': 'files renamed in bulk',
    'ransom-note': 'ransom note',
    'canary-altered': 'canary file altered',
    'canary-missing': 'canary file missing',
    'lost-files': 'half of the files gone',
    'lost-bytes': 'half of the data gone',
    'emptied-table': 'table emptied in the copy of the database',
    'date-contradicted': 'date contradicted by the storage',
    foreign: 'from another machine or other folders',
  },
  rule: (name: string) => `rule ${name}`,
  findings: (count: number) => `in ${files(count)}`,
  signSince: (when: string, count: number) =>
    `since the night of ${when}${count <= 1 ? '' : `, ${nights(count)} in all`}`,
  noSigns: 'No sign.',
  explainedHere: 'Explained: no sign here.',
  explainedElsewhere: 'Explained elsewhere, not here: what is found is something else, or stands in another place.',
  explainedSome: (explained, all) =>
    `Explained for ${explained} of ${all}: for the rest, explained elsewhere, not here.`,
  explainedBy: (name, when, what) => `${name}, ${when}: ${what}.`,
  explainedReach: {
    content: (count) =>
      count === 1 ? '1 precise content, wherever it stands' : `${count} precise contents, wherever they stand`,
    place: (count) =>
      count === 1
        ? '1 precise file, even if its content changes'
        : `${count} precise files, even if their content changes`,
  },
  explainedRule: 'the whole rule on this component. A new file that it finds would not be seen',
  explain: 'Explain this sign',
  explainMeans:
    'You know what it is, and that it is no sign. The component’s nights are then judged without what you explain, and nothing else. A second person looks at the same and agrees.',
  sighting: 'Reading what was found…',
  sighted: (findings, contents) =>
    `Found in ${findings === 1 ? '1 place' : `${figures.format(findings)} places`}, ${contents === 1 ? '1 content' : `${figures.format(contents)} different contents`}`,
  sightedIn: (findings) => (findings === 1 ? '1 place' : `${figures.format(findings)} places`),
  sightedMore: (count) => `And ${count} more`,
  sightedUntold: (count) => `${figures.format(count)} more are not listed.`,
  sightedMeans: 'These names are read for you in the backup: they do not enter the journal.',
  explainReach: 'What the explanation covers',
  explainReaches: {
    content: 'These contents, wherever they are',
    place: 'These files, even if they change',
    rule: 'The whole rule on this component',
  },
  explainReachMeans: {
    content: 'For what does not change: a tool, an archive. Any other content that this rule finds stays a sign.',
    place:
      'For what changes every night: a dump, a tool that is updated. What took the place of one of these files would not be seen by this rule any more; everywhere else it counts.',
    rule: 'There are too many for two people to look through. Whatever this rule finds on this component is then held to be explained, a new intruder included. Better exclude it from the rule, or from the backup.',
  },
  explainWhy: 'What it is, and how you know',
  explainDo: 'Ask a second person to agree',
  unexplain: 'No longer explain it',
  unexplainMeans: 'All that was explained of this sign on this component counts again. One person is enough.',
  why: 'Why it is judged so',
  whyRules: 'Rules',
  whyRulesOf: (count: number, day: string) =>
    `${count} ${count === 1 ? 'file' : 'files'} of rules, the newest of ${day}`,
  whyNoRules: 'no rules applied: only encryption, canaries and losses were looked for',
  whyNotExamined: 'Not examined',
  whyNone: 'none',
  whyConfined: 'Isolation of the look',
  confinements: {
    bubblewrap: 'a process apart, without network or disk',
    limits: 'a process apart, bounded in time and memory',
  },
  whyChange: 'Since the night before',
  whyContents: 'Different contents',
  whyContentsOf: (scanned: string, known: string) => `${scanned} examined at the last pass, ${known} known already`,
  whyPaths: 'Which files',
  whyPathsIn:
    'Their names stay out of the journal. On the machine: reflexe restore clean-point, with the source and the rules.',

  loss: 'Going back to this night: what would be lost',
  lossTime: (length: string) => `Everything entered since: ${length}.`,
  lossNewest: 'It is the newest night.',
  lossFiles: (added: string, changed: string, removed: string) =>
    `Up to the newest night: ${added} added and ${changed} changed files would be lost, ${removed} removed ones would come back.`,
  lossAtMost: (added: string, changed: string, removed: string) =>
    `Up to the newest night, at most: ${added} added and ${changed} changed files would be lost, ${removed} removed ones would come back. A file changed on two nights counts twice.`,
  lossUnknown: 'How many files: not established, later nights were not compared.',
  lossLook: 'To compare with the newest night, below, shows which.',

  proof: 'Trials of restoration',
  proofThis: 'This night was really restored, and verified.',
  proofOther: 'This night was not tried.',
  proofLast: 'Last trial',
  outcomes: {
    proved: 'went through',
    restored: 'read back whole, nothing to verify',
    failed: 'failed',
    notTried: 'not tried',
  },
  proofOf: (outcome: string, when: string, length: string) => `${outcome} ${when}, in ${length}`,
  proofFacts: (agreed: number, asked: number) => `${agreed} of ${asked} clinical facts agree`,
  proofStopped: (step: string) => `stopped at the step: ${step}`,
  proofBefore: 'Earlier trials',

  warnings: 'What might not come back',
  warningsMean:
    'Nothing is down because of this. But were one of these components lost tonight, nothing establishes that it could be restored.',
  warningMore: (count) => (count === 1 ? '1 other' : `${count} others`),
  warningOf: {
    proof: 'its trial restoration fails',
    nights: 'its nights could not be examined',
  },
  warningCures: {
    proof: 'Open its nights: the trial says where it stopped. Mend that, then try the restoration again.',
    nights: 'Check that its source answers, then have its nights examined again.',
  },
  warningOpen: 'Open its nights',

  inside: 'Look inside',
  insideFolder: 'Folder',
  top: 'Top',
  compareWith: 'Compare with',
  compareNone: 'no other night',
  look: 'Open',
  looking: 'Reading the backup…',
  filter: 'Filter by name',
  onlyChanges: 'Only what differs',
  columns: { name: 'Name', bytes: 'Size', modified: 'Modified', change: 'Compared', act: 'Take out' },
  entryStates: { same: 'same', changed: 'changed', added: 'added', removed: 'removed', unknown: 'not established' },
  counted: (same: number, changed: number, added: number, removed: number, unknown: number) =>
    [
      [added, 'added'],
      [changed, 'changed'],
      [removed, 'removed'],
      [same, 'same'],
      [unknown, 'not established'],
    ]
      .filter(([count]) => count !== 0)
      .map((part) => part.join(' '))
      .join(', ') || 'nothing',
  was: (bytes: string) => `before: ${bytes}`,
  entries: (count: number) => (count === 1 ? '1 entry' : `${count} entries`),
  shown: (count: number, all: number) => `${count} of ${all} shown`,
  showMore: 'Show more',
  truncated: (most: string) =>
    `This folder holds more: only the first ${most} are read here. The rest: reflexe restore ls.`,
  emptyFolder: 'This folder is empty.',
  noMatch: 'Nothing matches.',
  kinds: { folder: 'folder', file: 'file', link: 'link', other: 'other' },
  unknownDate: 'date unknown',
  up: 'Parent folder',

  fetch: 'Take this file out',
  fetchShort: 'Take out',
  fetchMeans:
    'This file comes from a backup. It is read back and verified, then handed to your browser as it is: it may hold data of patients, and what an attacker put there. Open it on an isolated workstation.',
  fetchJournal: 'Your name, the component and the night are written in the journal before the file leaves.',
  fetchWarn: {
    sign: 'Beware: a known sign was found in this night. This file may be what bears it.',
    damaged: 'Beware: this night is damaged. The file leaves only if it reads back whole.',
    unknown: 'Beware: nothing establishes what this night is worth.',
    suspect: 'Beware: this night is suspect. The attacker may have changed this file.',
  },
  fetchBound: (most: string) => `${most} at most; beyond it: reflexe restore extract.`,
  fetchDo: 'Take the file out',
  fetching: 'Reading and verifying…',
  receiving: (bytes: string) => `Receiving: ${bytes}`,
  fetched: (name: string, bytes: string) => `${name}: ${bytes}, handed to your browser.`,
  fetchedUnverified: 'This source keeps no checksum: nothing proves that these are the bytes that were backed up.',

  sheet: 'Backups: where to start again from',
  sheetComponent: 'Component',
  sheetLast: 'Last night with no known sign',
  sheetProof: 'Restoration tried',
  sheetLoss: 'What is lost',
  sheetTo: (added: string, changed: string) => `${added} files added, ${changed} changed`,
  sheetTook: (length: string) => `took ${length}`,
};
