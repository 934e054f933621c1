/** A stretch of a content in which its format does not hold, as far as it can be told where. */
export interface Torn {
  from: number;
  to: number;
  shows: Shows;
}

/**
 * What it proves. `random`: so much of it is forbidden that only random bytes explain it. `broken`: what stands there is none of the format:
 * if it is even, it is random. `cut`: as broken, but its sound parts are as even as random bytes, or it ends too early. `formless`: nothing is
 * forbidden there, but a long even stretch is none of it. `plain`: nor there, but nothing is compressed: one even block is none of it.
 */
type Shows = 'random' | 'broken' | 'cut' | 'formless' | 'plain';

/** Stretches in which the format does not hold, none where it holds to the end; undefined where nothing can be said. */
export type Walk = (content: Buffer) => Torn[] | undefined;
