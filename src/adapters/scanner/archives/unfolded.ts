import { pipeline, Readable, type Transform } from 'node:stream';

/** What a compressed content unfolds to, as it is asked for; throws where it does not unfold to its end. */
export async function* unfolded(pieces: Iterable<Buffer>, unfold: Transform): AsyncGenerator<Buffer> {
  const out = pipeline(Readable.from(inSteps(pieces)), unfold, () => {});
  for await (const piece of out) yield Buffer.from(piece);
}

const stepBytes = 65_536;

/** A little at a time: a step of a bomb unfolds to what fits in memory. */
function* inSteps(pieces: Iterable<Buffer>): Generator<Buffer> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += stepBytes) yield piece.subarray(at, at + stepBytes);
}
