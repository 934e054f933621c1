import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { MapGraphView } from '../../../map/views.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { Bands, type BandsHandle } from './Bands.tsx';
import { type Camera, panned, zoomedAt } from './camera.ts';
import { pathOf, pathsOf, piecesOf } from './emphasis.ts';
import { Folding } from './Folding.tsx';
import { Legend } from './Legend.tsx';
import type { Arrangement } from './layout/arrange.ts';
import { connected } from './nodes.ts';
import { LEGIBLE } from './paint/boxes.ts';
import type { Thing } from './shown.ts';
import { shownOf } from './shown.ts';
import { useArrangement } from './useArrangement.ts';
import { useFolds } from './useFolds.ts';
import { useGestures } from './useGestures.ts';
import { usePicture } from './usePicture.ts';
import { useScene } from './useScene.ts';
import { stepFrom } from './walk.ts';
import './graph.css';

const nothing: ReadonlySet<string> = new Set();
const ZOOM_STEP = 1.35;
const PAN_STEP = 90;
/** More boxes than this are first seen whole. */
const OVERVIEW = 400;

export interface GraphProps {
  view: MapGraphView;
  selected: string | null;
  onSelect(id: string | null): void;
  /** What a what-if takes down. */
  stopped?: ReadonlySet<string>;
  /** With a key held, a press chooses one more. */
  onAdd?(id: string): void;
  /** What stands out instead of all that hangs together with `selected`. */
  path?: ReadonlySet<string> | null;
}

/** The map as a picture: what is drawn, where it is looked at, and what stands out. The list beside it holds the same elements. */
export function Graph({ view, selected, onSelect, stopped = nothing, onAdd, path = null }: GraphProps) {
  const { t, say } = useWords();
  const how = useId();
  const surface = useRef<HTMLDivElement>(null);
  const bands = useRef<BandsHandle>(null);
  const folds = useFolds(view.nodes);
  const [isOnly, setOnly] = useState(false);
  const [cursor, setCursor] = useState<string | null>(null);
  const [said, speak] = useState('');
  const [hovered, hover] = useState<{ name: string; x: number; y: number } | null>(null);

  const structure = useStructure(view);
  const only = useMemo(() => {
    if (!isOnly || selected === null) return undefined;
    const { needs, neededBy } = connected(structure.edges, selected);
    return new Set([selected, ...needs, ...neededBy]);
  }, [isOnly, selected, structure]);
  const shown = useMemo(
    () => shownOf(structure, { bySite: folds.bySite, folded: only === undefined ? folds.folded : nothing, only }),
    [structure, folds.bySite, folds.folded, only],
  );
  const arranged = useArrangement(shown);
  const siteName = useCallback(
    (site: string | null) => {
      const known = view.sites.find(({ id }) => id === site);
      return site === null ? t.mapGraph.noSite : known === undefined ? site : say(known.name);
    },
    [view.sites, say, t],
  );
  const scene = useScene(arranged, view, stopped, folds.bySite ? siteName : null);
  const { canvas, legend, picture } = usePicture(surface, scene, (camera) => bands.current?.turn(camera));

  const boxOf = useCallback(
    (id: string | null) => {
      if (id === null || arranged === null) return null;
      const at = view.nodes.findIndex((node) => node.id === id);
      const box = arranged.shown.boxOf[at] ?? -1;
      return box < 0 ? null : box;
    },
    [view.nodes, arranged],
  );
  const chosen = boxOf(selected);
  const cursorBox = arranged?.shown.things.findIndex(({ id }) => id === cursor) ?? -1;

  // What stands out.
  useEffect(() => {
    if (arranged === null || picture.current === null) return;
    const boxes = path === null ? null : new Set([...path].map(boxOf).filter((box) => box !== null));
    const around =
      boxes !== null ? pathOf(arranged.shown, boxes) : chosen === null ? null : pathsOf(arranged.shown, chosen);
    picture.current.emphasise(
      { chosen, cursor: cursorBox < 0 ? null : cursorBox, near: around?.boxes ?? null },
      around === null ? null : piecesOf(arranged.arrangement, around.links),
    );
  }, [arranged, chosen, cursorBox, path, boxOf, picture]);

  // Where one looks after something moved: what was pressed stays under the finger, what was sought comes to the middle.
  const pressed = useRef<{ id: string; first: string; x: number; y: number } | null>(null);
  const flown = useRef<string | null>(null);
  const seenArrangement = useRef<unknown>(null);
  useEffect(() => {
    const shownPicture = picture.current;
    if (shownPicture === null || scene === null || arranged === null) return;
    const isNew = seenArrangement.current !== arranged;
    const isFirst = seenArrangement.current === null;
    seenArrangement.current = arranged;
    const anchor = pressed.current;
    if (isNew && anchor !== null) {
      pressed.current = null;
      const box = anchorBox(arranged.shown.things, anchor);
      if (box >= 0) {
        const { scale } = shownPicture.camera;
        const { x, y } = scene.arrangement;
        shownPicture.look({ x: (x[box] ?? 0) - anchor.x / scale, y: (y[box] ?? 0) - anchor.y / scale, scale });
        return;
      }
    }
    const isFolded = chosen !== null && arranged.shown.things[chosen]?.kind === 'pile';
    if (selected !== null && chosen !== null && !isFolded && flown.current !== selected) {
      flown.current = selected;
      if (isFirst) shownPicture.look(shownPicture.around(chosen));
      else shownPicture.flyTo(shownPicture.around(chosen));
      return;
    }
    if (selected === null) flown.current = null;
    if (isNew) shownPicture.look(firstLook(shownPicture.whole(), scene.arrangement, shown.things.length));
  }, [scene, arranged, selected, chosen, picture, shown]);

  // What is chosen in a folded pile opens it.
  const opened = useRef<string | null>(null);
  useEffect(() => {
    const thing = chosen === null ? undefined : arranged?.shown.things[chosen];
    if (thing === undefined || opened.current === selected) return;
    // Once: it may be folded again by hand while it is chosen.
    opened.current = selected;
    if (thing.kind === 'pile') folds.fold([thing.pile], false);
  }, [selected, chosen, arranged, folds]);

  const open = (box: number) => {
    const thing = arranged?.shown.things[box];
    const shownPicture = picture.current;
    if (thing === undefined || shownPicture === null || scene === null) return;
    if (thing.kind === 'element') {
      flown.current = thing.id;
      return onSelect(thing.id);
    }
    const { camera } = shownPicture;
    const { x, y } = scene.arrangement;
    pressed.current = {
      id: thing.id,
      first: view.nodes[thing.pile.members[0] ?? 0]?.id ?? '',
      x: ((x[box] ?? 0) - camera.x) * camera.scale,
      y: ((y[box] ?? 0) - camera.y) * camera.scale,
    };
    folds.fold([thing.pile], false);
  };

  useGestures(surface, picture, {
    onPress: (box, isAdding) => {
      const thing = box === null ? undefined : arranged?.shown.things[box];
      if (box === null) onSelect(null);
      else if (isAdding && onAdd !== undefined && thing?.kind === 'element') onAdd(thing.id);
      else open(box);
    },
    onHover: (box, at) => {
      const face = box === null ? undefined : scene?.faces[box];
      const isUnread = (picture.current?.camera.scale ?? 1) < LEGIBLE;
      hover(face === undefined || !isUnread ? null : { name: face.name, ...at });
    },
  });

  const move = (box: number) => {
    const thing = arranged?.shown.things[box];
    const face = scene?.faces[box];
    if (thing === undefined || face === undefined || picture.current === null) return;
    setCursor(thing.id);
    speak(t.mapGraph.at(face.name, (face.isCare ? t.map.supply : t.map.states)[face.state]));
    picture.current.flyTo(picture.current.around(box));
  };
  const keys = (event: KeyboardEvent) => {
    const shownPicture = picture.current;
    if (shownPicture === null || arranged === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const { view: size, camera } = shownPicture;
    const middle = { x: size.width / 2, y: size.height / 2 };
    const arrow = arrows[event.key];
    const here = cursorBox >= 0 ? cursorBox : chosen;
    if (arrow !== undefined && event.shiftKey)
      shownPicture.look(panned(camera, -arrow.x * PAN_STEP, -arrow.y * PAN_STEP));
    else if (arrow !== undefined) {
      const next = here === null ? 0 : stepFrom(here, arrow.direction, arranged.shown, arranged.arrangement);
      if (next !== null) move(next);
    } else if (event.key === '+' || event.key === '=') shownPicture.flyTo(zoomedAt(camera, ZOOM_STEP, middle));
    else if (event.key === '-') shownPicture.flyTo(zoomedAt(camera, 1 / ZOOM_STEP, middle));
    else if (event.key === '0') shownPicture.flyTo(shownPicture.whole());
    else if ((event.key === 'Enter' || event.key === ' ') && here !== null) open(here);
    else if (event.key === 'Escape' && (selected !== null || cursor !== null)) {
      setCursor(null);
      onSelect(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const zoom = (factor: number) => {
    const shownPicture = picture.current;
    if (shownPicture === null) return;
    const { width, height } = shownPicture.view;
    shownPicture.flyTo(zoomedAt(shownPicture.camera, factor, { x: width / 2, y: height / 2 }));
  };

  return (
    <section
      className="graph"
      aria-label={t.map.picture}
      data-things={arranged?.shown === shown ? shown.things.length : undefined}
      data-milliseconds={arranged === null ? undefined : Math.round(arranged.milliseconds)}
    >
      <Bands
        own={bands}
        arrangement={arranged?.arrangement ?? null}
        piles={folds.piles}
        folded={folds.folded}
        onFold={only === undefined ? folds.fold : undefined}
      />
      <div
        ref={surface}
        className="graph-surface"
        role="application"
        aria-label={t.map.picture}
        aria-describedby={how}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the picture
        tabIndex={0}
        onKeyDown={keys}
      >
        <canvas ref={canvas} />
        {hovered !== null && (
          <span className="graph-hint" aria-hidden="true" style={{ translate: `${hovered.x}px ${hovered.y}px` }}>
            {hovered.name}
          </span>
        )}
      </div>
      <p id={how} className="visually-hidden">
        {t.mapGraph.how}
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {arranged === null && <p className="graph-wait soft">{t.map.laysOut}</p>}
      <div className="graph-tools no-print">
        <Legend own={legend} hasStopped={stopped.size > 0} />
        <Folding
          piles={folds.piles}
          folded={folds.folded}
          bySite={folds.hasSites ? folds.bySite : null}
          siteName={siteName}
          onFold={folds.fold}
          onBySite={folds.arrangeBySite}
        />
        {selected !== null && (
          <label className="graph-only">
            <input type="checkbox" checked={isOnly} onChange={(event) => setOnly(event.target.checked)} />
            {t.mapGraph.only}
          </label>
        )}
      </div>
      <fieldset className="graph-zoom no-print" aria-label={t.map.controls}>
        <button type="button" onClick={() => zoom(ZOOM_STEP)}>
          <Icon name="plus" />
          <span className="visually-hidden">{t.map.zoomIn}</span>
        </button>
        <button type="button" onClick={() => zoom(1 / ZOOM_STEP)}>
          <Icon name="minus" />
          <span className="visually-hidden">{t.map.zoomOut}</span>
        </button>
        <button type="button" onClick={() => picture.current?.flyTo(picture.current.whole())}>
          <Icon name="whole" />
          <span className="visually-hidden">{t.map.wholeMap}</span>
        </button>
      </fieldset>
    </section>
  );
}

const arrows: { [key: string]: { direction: 'left' | 'right' | 'up' | 'down'; x: number; y: number } } = {
  ArrowLeft: { direction: 'left', x: -1, y: 0 },
  ArrowRight: { direction: 'right', x: 1, y: 0 },
  ArrowUp: { direction: 'up', x: 0, y: -1 },
  ArrowDown: { direction: 'down', x: 0, y: 1 },
};

/** Nodes and links without their states: what is drawn does not move when a state changes. */
function useStructure({ nodes, edges }: MapGraphView): Pick<MapGraphView, 'nodes' | 'edges'> {
  const key = nodes.map(({ id, kind, site }) => `${id} ${kind} ${site}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether the elements differ
  return useMemo(() => ({ nodes, edges }), [key, edges]);
}

/** The box of a pile, or of the first of its members once it is unfolded. */
const anchorBox = (things: readonly Thing[], { id, first }: { id: string; first: string }): number =>
  things.findIndex((thing) => thing.id === id || thing.id === first);

/** The whole of it where names can be read; otherwise its care side, as large as they can. A very large one is an overview. */
function firstLook(whole: Camera, { x, y }: Arrangement, count: number): Camera {
  if (whole.scale >= LEGIBLE || count > OVERVIEW) return whole;
  const scale = LEGIBLE * 1.25;
  const top = y.reduce((least, at, box) => (x[box] === 0 ? Math.min(least, at) : least), Number.POSITIVE_INFINITY);
  return { x: -24 / scale, y: top - 40 / scale, scale };
}
