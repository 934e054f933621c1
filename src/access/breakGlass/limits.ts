const minute = 60_000;
const hour = 60 * minute;

/** Every bound of the two break-glasses, with its reason. */
export const breakGlassLimits = {
  /** The longest nursing shift. */
  careMilliseconds: 12 * hour,
  /** A ward opens it for each of its carers at once; more in an hour from one card is somebody trying. */
  usesPerCardPerHour: 30,
  /** A ward has a few posts and telephones; a photographed card is used from elsewhere. */
  placesBeforeAlarm: 4,
  placesWindowMilliseconds: 12 * hour,
  /** Long enough to open an envelope in another office, by telephone; short enough that the first one is still standing there. */
  secondEnvelopeMilliseconds: 5 * minute,
  /** To let people in again, not to work with. */
  administrativeMilliseconds: 1 * hour,
  /** Both envelopes open again for as long as a crisis night, should the first session be lost; then they are void by themselves. */
  openedEnvelopesMilliseconds: 24 * hour,
  /** Names and reasons are erased a year after; the journal keeps that it was, by ids. */
  keptMilliseconds: 366 * 24 * hour,
  forgetEveryMilliseconds: 24 * hour,
  /** How long the lists keep what is over and reviewed. */
  rememberedMilliseconds: 30 * 24 * hour,
  nameCharactersMin: 3,
  nameCharactersMax: 100,
  reasonCharactersMin: 3,
  reasonCharactersMax: 500,
  noteCharactersMax: 1000,
} as const;
