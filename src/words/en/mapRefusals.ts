import type { mapRefusals as french } from '../fr/mapRefusals.ts';

export const mapRefusals: typeof french = {
  'map-changed-meanwhile': {
    what: 'Somebody changed the map meanwhile. None of your change was made.',
    cure: 'Look at what it says now, and do it again.',
  },
  'map-invalid': {
    what: 'The map would no longer hold together. None of this change was made.',
    cure: 'Correct what is named, or leave it out: what is taken off the map must be named by nothing that stays.',
  },
  'map-in-use': {
    what: 'A recovery that runs is bringing this back: it stays on the map, with how it is restored.',
    cure: 'Leave it out of this change, or end the recovery first.',
  },
  'map-id-taken': {
    what: 'Something else on the map already has this identifier.',
    cure: 'Give the new one another.',
  },
  'map-place-unknown': {
    what: 'What it was to stand before is no longer on the map.',
    cure: 'Load the page again, and place it again.',
  },
  'map-change-misnamed': { what: 'This change names one thing and describes another. Nothing was changed.' },
  'map-other-establishment': {
    what: 'This is the map of another establishment.',
    cure: 'The name may change; the identifier may not.',
  },
  'map-change-unknown': {
    what: 'This change is too old to be taken back from here.',
    cure: 'Make the change that puts things back.',
  },
  'map-change-undone': {
    what: 'This change was already taken back.',
    cure: 'To put it in force again, take back what took it back.',
  },
  'map-change-whole': {
    what: 'Nothing came before this map: there is nothing to go back to.',
    cure: 'Import the map you want: what it changes is shown before it is applied.',
  },
  'map-already-there': {
    what: 'There is a map already.',
    cure: 'Import the other one as a change: nothing is lost, and all of it can be taken back.',
  },
  'import-empty': { what: 'This file is empty.', cure: 'Choose another.' },
  'import-unreadable': {
    what: 'This file cannot be read so.',
    cure: 'Check which tool it comes from, or save it again from that tool.',
  },
  'import-too-large': { what: 'This import is too large to be read at once.', cure: 'Import it in several parts.' },
  'import-columns-unknown': {
    what: 'No row of this table looks like headings.',
    cure: 'Give each column a heading, such as Name, Type, Depends on.',
  },
  'hospital-started': {
    what: 'The hospital is started already: the example is gone. Nothing was changed.',
    cure: 'Go on with its map: whatever is put on it can be changed, and every change undone.',
  },
  'hospital-not-started': {
    what: 'The example could not be put away. It is in place, as it was.',
    cure: 'See to the disk of this machine, then begin again.',
  },
  'map-missing': { what: 'There is no map yet.', cure: 'Import one, or start your own.' },
};
