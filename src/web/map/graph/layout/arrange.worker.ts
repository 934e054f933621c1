import { arrange, type ToArrange } from './arrange.ts';

/** One picture at a time; its arrays are handed over, not copied. */
addEventListener('message', ({ data }: MessageEvent<{ number: number; given: ToArrange }>) => {
  const { number, given } = data;
  const arrangement = arrange(given);
  const { x, y, pieces, linkStart, linkPieces } = arrangement;
  const handed = [x, y, pieces, linkStart, linkPieces].map(({ buffer }) => buffer as ArrayBuffer);
  postMessage({ number, arrangement }, { transfer: handed });
});
