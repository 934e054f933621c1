import type { Arrangement } from './layout/arrange.ts';
import type { Link, Shown } from './shown.ts';

/** What hangs together with one box, all the way both ways: boxes and links on it. */
export function pathsOf({ things, links }: Shown, start: number): { boxes: Uint8Array; links: Uint8Array } {
  const boxes = new Uint8Array(things.length);
  const near = new Uint8Array(links.length);
  for (const [here, there] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const next = linksBy(links, here);
    const reached = new Set([start]);
    for (const box of reached) {
      boxes[box] = 1;
      for (const link of next.get(box) ?? []) {
        // What is only proposed leads nowhere yet.
        if (links[link]?.sureness === 'proposed') continue;
        near[link] = 1;
        reached.add(links[link]?.[there] ?? start);
      }
    }
  }
  return { boxes, links: near };
}

/** The boxes of given elements and the links between them: a path found elsewhere. */
export function pathOf(
  { things, links }: Shown,
  chosen: ReadonlySet<number>,
): { boxes: Uint8Array; links: Uint8Array } {
  return {
    boxes: Uint8Array.from(things, (_, box) => Number(chosen.has(box))),
    links: Uint8Array.from(links, ({ from, to }) => Number(chosen.has(from) && chosen.has(to))),
  };
}

function linksBy(links: readonly Link[], end: 'from' | 'to'): Map<number, number[]> {
  const by = new Map<number, number[]>();
  links.forEach((link, at) => {
    const list = by.get(link[end]);
    if (list === undefined) by.set(link[end], [at]);
    else list.push(at);
  });
  return by;
}

/** Which pieces of lines links are drawn with. */
export function piecesOf({ linkStart, linkPieces, pieces }: Arrangement, links: Uint8Array): Uint8Array {
  const near = new Uint8Array(pieces.length / 4);
  links.forEach((isNear, link) => {
    if (isNear !== 1) return;
    for (let at = linkStart[link] ?? 0; at < (linkStart[link + 1] ?? 0); at += 1) near[linkPieces[at] ?? 0] = 1;
  });
  return near;
}

const lookOf: { [sureness in Link['sureness']]: number } = { confirmed: 0, unconfirmed: 1, proposed: 2 };

/** A piece that several links share looks as the surest of them does. */
export function lookOfPieces({ linkStart, linkPieces, pieces }: Arrangement, links: readonly Link[]): Uint8Array {
  const look = new Uint8Array(pieces.length / 4).fill(2);
  links.forEach(({ sureness }, link) => {
    for (let at = linkStart[link] ?? 0; at < (linkStart[link + 1] ?? 0); at += 1) {
      const piece = linkPieces[at] ?? 0;
      look[piece] = Math.min(look[piece] ?? 2, lookOf[sureness]);
    }
  });
  return look;
}
