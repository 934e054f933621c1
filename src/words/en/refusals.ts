import type { Catalogue } from '../fr.ts';

export const refusals: Catalogue['refusals'] = {
  unreachable: {
    what: 'Reflexe does not answer.',
    cure: 'Check the network of this workstation; nothing acknowledged is lost.',
  },
  'interface-broken': {
    what: 'The screen met an unexpected error.',
    cure: 'Load the page again; nothing acknowledged is lost.',
  },
  internal: {
    what: 'Reflexe failed unexpectedly. The act may or may not have been done.',
    cure: 'Look at the state before repeating it, and give the number above to whoever runs Reflexe.',
  },
  'signed-out': { what: 'This session has ended.', cure: 'Sign in again.' },
  'second-factor-needed': {
    what: 'On this network a password alone opens nothing.',
    cure: 'Add a passkey or an authenticator application to your account; everything opens then.',
  },
  'proof-too-old': {
    what: 'This act asks that you prove who you are once more. Nothing was changed.',
    cure: 'Prove it, then repeat the act.',
  },
  'rights-changed': {
    what: 'Your rights have changed since this screen was opened.',
    cure: 'Load the page again: it shows what you may see now.',
  },
  'approval-not-open': {
    what: 'Nothing waits for your agreement under this number any more.',
    cure: 'Look at the list: a colleague answered, the request was withdrawn, or its hour has passed.',
  },
  'approval-same-person': {
    what: 'The second person must be someone else than the one who asks.',
    cure: 'Ask a colleague who may do this: on their own screen, or by telephone with their code.',
  },
  'approval-own-nominee': {
    what: 'This person was given their rights by the one who asks, less than a day ago.',
    cure: 'Ask somebody whose rights come from someone else, or are older than a day.',
  },
  'too-many-approvals': {
    what: 'Too many acts wait for a second person.',
    cure: 'Answer some of them, or withdraw them.',
  },
  'first-sign-in': {
    what: 'Nobody has an account yet.',
    cure: 'Open the one-time link that Reflexe printed when it started.',
  },
  'sign-in-refused': {
    what: 'This name and this password do not go together.',
    cure: 'Check the capitals, then try again.',
  },
  'first-link-not-valid': {
    what: 'This link was already used, or expired.',
    cure: 'Sign in, or restart Reflexe: it prints a new link as long as nobody has an account.',
  },
  'name-taken': { what: 'This sign-in name is taken.', cure: 'Choose another.' },
  'password-too-short': {
    what: 'This password is too short.',
    cure: 'Make it longer: a phrase of four words is enough.',
  },
  'password-too-long': { what: 'This password is too long.', cure: 'Make it shorter.' },
  'password-common': {
    what: 'This password is among the first an attacker tries.',
    cure: 'Choose a phrase of your own.',
  },
  'too-many-attempts': { what: 'Too many attempts in a row.', cure: 'Wait a little, then try again.' },
  'too-many-requests': { what: 'Too many requests at once.', cure: 'Wait a few seconds.' },
  'too-many-feeds': {
    what: 'Too many screens follow Reflexe at once.',
    cure: 'Close one of them, then load this one again.',
  },
  'not-allowed': { what: 'Your rights do not cover this act.', cure: 'Ask a person of the crisis cell.' },
  'not-found': { what: 'This does not exist, or no longer.', cure: 'Go back to the Board.' },
  'act-forged': { what: 'This request does not come from this screen: it is refused.', cure: 'Load the page again.' },
  'host-unknown': {
    what: 'Reflexe does not answer at this address.',
    cure: 'Use the address printed when it started.',
  },
  'changed-since-you-looked': {
    what: 'This changed while you were looking. Nothing was done.',
    cure: 'Read the screen again, then decide anew.',
  },
  busy: { what: 'Reflexe is too busy.', cure: 'Try again in a few seconds.' },
  'journal-busy': { what: 'The journal is too busy.', cure: 'Try again in a few seconds.' },
  'journal-unavailable': {
    what: 'The journal cannot be written: nothing was recorded.',
    cure: 'Tell whoever runs Reflexe: disk full or refused.',
  },
  'journal-damaged': {
    what: 'The journal is damaged: Reflexe reads it and adds nothing more.',
    cure: 'Tell whoever runs Reflexe, and run “reflexe journal verify”.',
  },
  'event-newer-version': {
    what: 'This journal was written by a newer version of Reflexe.',
    cure: 'Install that version or a later one.',
  },
  'event-unknown-newer': {
    what: 'This journal was written by a newer version of Reflexe.',
    cure: 'Install that version or a later one.',
  },
  'epoch-too-old': { what: 'Another Reflexe took over this journal: this one only reads.' },
  'view-stale': { what: 'This part could not be computed; it comes back by itself.' },
  'body-invalid': { what: 'The request is not complete.', cure: 'Load the page again.' },
  'care-function-unknown': { what: 'This care function is no longer on the map.' },
  'ward-unknown': { what: 'This ward is no longer on the map.' },
  'ward-not-concerned': { what: 'This ward does not have this care function on the map.' },
  'hold-without-mode': {
    what: 'No degraded mode is written for this function: nothing can hold it.',
    cure: 'Write it on the map, or decide to divert or reduce.',
  },
  'hold-exhausted': {
    what: 'The degraded mode has been held for as long as it can.',
    cure: 'A named clinician may extend it with a reason; otherwise decide to divert or reduce.',
  },
  'reason-missing': { what: 'An extension says why.' },
  'step-not-ready': { what: 'The steps before this one are not finished.', cure: 'Finish or skip them first.' },
  'step-not-failed': { what: 'This step did not fail.' },
  'night-not-verified': {
    what: 'No verification of the chosen night has failed.',
    cure: 'Try the failed step again.',
  },
  'incident-closed': { what: 'This incident is closed; its crisis log stays readable.' },
  'incident-not-joinable': { what: 'An incident is joined to another one that is still open.' },
  'incidents-both-restoring': {
    what: 'Each of the two incidents has its own restoration under way.',
    cure: 'End or give up one of the two first.',
  },
  'incident-alarm-stands': {
    what: 'An alarm of this incident still stands.',
    cure: 'Bring the component back, or wait for the next check.',
  },
  'log-empty': { what: 'A line of the crisis log says something.' },
  'not-ready': { what: 'This care function is not ready to reopen.', cure: 'Wait until all it needs is verified.' },
  'not-verified': { what: 'Not everything is verified yet.', cure: 'Wait for verification.' },
  'recovery-closed': { what: 'This restoration is finished.' },
  'component-not-restorable': {
    what: 'No backup of this component can be read from here.',
    cure: 'Say on the map from which source it is restored, and configure that source.',
  },
  'sign-unknown': { what: 'No night of this component shows this sign.' },
  'date-unreadable': {
    what: 'A date of compromise is a moment of the past.',
    cure: 'Correct the date; what was said before still stands.',
  },
  'needs-second-person': {
    what: 'To trust suspect nights again takes two people.',
    cure: 'Ask for the date to be taken back: someone else who may agrees to it.',
  },
  'incident-open': {
    what: 'An incident is open: no trial begins.',
    cure: 'The nightly trials go on by themselves once it is closed.',
  },
  'proof-running': { what: 'Another trial restoration is running.', cure: 'Wait for its end, or stop it.' },
  'source-unknown': {
    what: 'No configured backup source has this name.',
    cure: 'Add it to the configuration, section “restore”.',
  },
  'scanner-failed': {
    what: 'The examination of backups could not be started.',
    cure: 'Try with fewer rules; “reflexe restore preflight” says what is missing.',
  },
  'rules-unreadable': { what: 'The rules cannot be read.', cure: 'Check the folder of rules in the configuration.' },
  'backup-unreachable': {
    what: 'The backup does not answer.',
    cure: 'Check that its disk is mounted or that its server answers.',
  },
  'backup-access-refused': {
    what: 'The server of this backup refuses this user.',
    cure: 'Check the user in the address, and the secret of that password.',
  },
  'backup-address-unusable': {
    what: 'The address of this backup cannot be used.',
    cure: 'Correct it; a password has no place in it: name its secret beside.',
  },
  'backup-wrong-password': {
    what: 'The password of this backup is not the right one.',
    cure: 'Replace the secret named in the configuration.',
  },
  'backup-damaged': {
    what: 'This backup is damaged.',
    cure: 'Choose another night, or another copy of these backups.',
  },
  'path-unknown': { what: 'Nothing has this name in this backup.' },
  'snapshot-unknown': { what: 'This night is no longer in the backup.', cure: 'Have the nights examined again.' },
  'backup-tool-missing': {
    what: 'The tool that reads this backup is not installed.',
    cure: 'Install it; the request says which.',
  },
  'backup-tool-too-old': { what: 'The installed tool is too old for this backup.', cure: 'Install a newer version.' },
  'backup-unreadable': {
    what: 'This backup holds something that Reflexe cannot restore.',
    cure: 'Restore it with its own tool.',
  },
  'backup-command-refused': {
    what: 'The configured backup command is not accepted, or its answer cannot be understood.',
    cure: 'Read the file of commands again: it belongs to root, and says what it must answer.',
  },
  'backup-not-listed': { what: 'This source cannot say what a backup holds.', cure: 'Restore it whole.' },
  'backup-changing': { what: 'This backup is being written.', cure: 'Ask again when it is finished.' },
  'volume-unsupported': {
    what: 'A volume of this disk is of a kind that Reflexe does not read.',
    cure: 'Name the volume wanted in the configuration, or back up its files from inside.',
  },
  'volume-unknown': {
    what: 'No volume of these disks has this name.',
    cure: 'Correct “volume” in the configuration: the request says which there are.',
  },
  'recovery-is-proof': { what: 'A trial gives nothing back to care: it ends and is cleared away.' },
  'nothing-restorable': { what: 'Nothing of what is lost has a known backup.' },
  'clean-room-needs-root': {
    what: 'The clean room needs administration rights on the machine.',
    cure: 'Start Reflexe again with them; what was done is kept.',
  },
  'clean-room-tools-missing': {
    what: 'Tools are missing on the machine to open the clean room.',
    cure: 'Run “reflexe restore preflight”: it names them.',
  },
  'scenario-unknown': { what: 'This story is not installed.' },
  'drill-running': { what: 'A laboratory drill is already running.', cure: 'Follow it from the banner.' },
  'exercises-too-many': { what: 'Too many exercises already run.', cure: 'Stop one of them first.' },
  'drill-failed': { what: 'The laboratory drill failed.', cure: 'The log of Reflexe says why.' },
  'drill-stopped': { what: 'The laboratory drill was stopped.' },
  'lab-not-here': { what: 'There is no laboratory here.', cure: 'Start Reflexe with “--lab” from a checkout.' },
  'estimate-reversed': { what: 'The likely return is later than the latest one.', cure: 'Swap them.' },
  'step-is-a-persons': { what: 'This step is a person’s.' },
  'journal-in-use': { what: 'Another Reflexe already writes this journal.', cure: 'Stop one of them.' },
  'journal-altered': {
    what: 'The journal was altered: Reflexe reads it and adds nothing more.',
    cure: 'Tell whoever runs Reflexe, and run “reflexe journal verify”.',
  },
  'journal-shortened': {
    what: 'The end of the journal is missing: Reflexe reads it and adds nothing more.',
    cure: 'Tell whoever runs Reflexe: a longer copy may exist.',
  },
  'journal-diverged': {
    what: 'This journal and its copy disagree: Reflexe only reads.',
    cure: 'Tell whoever runs Reflexe.',
  },
  'journal-closed': { what: 'Reflexe is stopping.', cure: 'Wait until it starts again.' },
  'map-missing': { what: 'No map was imported.', cure: 'Import the map of the hospital first.' },
  'clean-room-rules-failed': {
    what: 'The isolation rules could not be loaded.',
    cure: 'Run “reflexe restore preflight”.',
  },
  'clean-room-sandbox-failed': {
    what: 'The sandbox of the clean room could not be opened.',
    cure: 'Run “reflexe restore preflight”.',
  },
  'clean-room-command-failed': {
    what: 'A command of the clean room failed.',
    cure: 'Run “reflexe restore preflight”.',
  },
  'isolation-broken': {
    what: 'The isolation of the clean room did not hold: nothing starts in it.',
    cure: 'Run “reflexe restore preflight”.',
  },
  'helper-did-not-start': {
    what: 'The program that keeps the clean room did not start.',
    cure: 'Check the rights of Reflexe on this machine.',
  },
  'helper-lost': { what: 'The program that keeps the clean room stopped; Reflexe starts it again.' },
  'body-malformed': { what: 'The request cannot be read.', cure: 'Load the page again.' },
  'request-malformed': { what: 'The request cannot be read.', cure: 'Load the page again.' },
  'body-too-large': { what: 'This is too long for one request.', cure: 'Make the text shorter.' },
  'request-too-slow': {
    what: 'The request took too long to arrive.',
    cure: 'Check the network of this workstation, then try again.',
  },
  'command-unknown': {
    what: 'Reflexe does not know this act.',
    cure: 'Load the page again: this screen is of another version.',
  },
  'code-mistyped': {
    what: 'This code is not typed as it is printed.',
    cure: 'Compare it group by group with the paper.',
  },
  'ward-card-unknown': {
    what: 'No card holds this code.',
    cure: 'Compare it with the card, or take another card of the ward.',
  },
  'ward-card-ended': {
    what: 'This card was replaced or withdrawn, or has expired.',
    cure: 'Take the ward’s newer card, or ask Reflexe’s administration for one.',
  },
  'ward-card-too-many-uses': {
    what: 'This card opened too many sessions within the hour.',
    cure: 'Take another card of the ward; this one may have been photographed.',
  },
  'ward-cards-too-many': {
    what: 'This ward has as many cards as it may have.',
    cure: 'Replace or withdraw one of them.',
  },
  'break-glass-name-missing': { what: 'Say who you are.', cure: 'Write your first and last name.' },
  'break-glass-reason-missing': { what: 'Say why, in a few words.' },
  'envelope-unknown': {
    what: 'No sealed envelope holds this code.',
    cure: 'Take the envelopes printed last: those before them are void.',
  },
  'envelope-void': {
    what: 'These envelopes were opened too long ago.',
    cure: 'Whoever has the machine of Reflexe can make a one-time link there.',
  },
  'second-person-needed': {
    what: 'The two envelopes are opened by two people.',
    cure: 'The second person types their own name and their own envelope.',
  },
  'review-own': { what: 'Nobody reviews their own opening.', cure: 'Ask somebody else.' },
  'reviewed-already': { what: 'Somebody reviewed it already.', cure: 'Load the list again.' },
  'note-missing': { what: 'A question says what it questions.' },
  'provider-silent': {
    what: 'This identity provider does not answer.',
    cure: 'Sign in another way; to care at once, take the ward’s card.',
  },
  'provider-unknown': { what: 'This identity provider is not known here.', cure: 'Go back to sign-in.' },
  'provider-given-up': {
    what: 'The sign-in was given up at the identity provider.',
    cure: 'Begin again, or sign in another way.',
  },
  'provider-answer-unknown': {
    what: 'This answer was used already, is too old, or comes from another browser.',
    cure: 'Begin again from the sign-in page.',
  },
  'provider-answer-refused': {
    what: 'The answer of the identity provider does not pass its checks.',
    cure: 'Begin again; if it comes back, tell whoever runs Reflexe.',
  },
  'provider-subject-waits': {
    what: 'Your identity provider knows you; Reflexe does not yet.',
    cure: 'Ask Reflexe’s administration to let you in. To care at once, take the ward’s card.',
  },
  'person-unknown': { what: 'This person has no account here.' },
  'last-administrator': {
    what: 'Nobody could administer Reflexe any more. Nothing was changed.',
    cure: 'Give that right to somebody else first.',
  },
  'spoken-code-refused': {
    what: 'This name and this code do not go together.',
    cure: 'Read the code aloud again, group by group; it serves once, and for a short time.',
  },
  'token-in-url': {
    what: 'A token was put in an address, where every log on the way keeps it. It opened nothing.',
    cure: 'Withdraw that token, make another, and send it in the Authorization header.',
  },
  'weak-points-failed': {
    what: 'The weak points of this map could not be computed.',
    cure: 'Try again; if it comes back, report it with the support bundle.',
  },
  'weak-points-too-long': {
    what: 'Looking for the weak points of this map takes too long here.',
    cure: 'Ask for a smaller order, or for one care function.',
  },
  'no-map': { what: 'There is no map yet.', cure: 'Begin it, or import it: Map › Import.' },
  'not-healthy': {
    what: 'Facts are taken while a component is well; this one is not.',
    cure: 'Take them once it is back.',
  },
  'if-match-malformed': {
    what: 'The version looked at cannot be compared. Nothing was changed.',
    cure: 'Load the page again, then repeat the act.',
  },
  'header-too-large': {
    what: 'The request carries too many headers. Nothing was done.',
    cure: 'Clear the cookies of this address, then load the page again.',
  },
  'step-not-running': {
    what: 'This attempt is over: another took its place.',
    cure: 'Look where the step stands now.',
  },
  'plans-invalid': {
    what: 'These plans cannot be read. Those before stay in force.',
    cure: 'Correct the place named.',
  },
  'no-such-note': { what: 'This note does not exist, or not any more.', cure: 'Load the page again.' },
  'line-refused': { what: 'Only lines of the crisis log are written here.' },
};
