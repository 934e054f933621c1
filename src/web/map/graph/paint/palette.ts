import type { ComponentState } from '../../../../map/model.ts';
import { states } from '../layers.ts';

/** Of a state: its colour, and the sign drawn with it. */
export interface StateLook {
  fill: string;
  ink: string;
  sign: Path2D[];
  /** Signs of which a part is filled, as half a disc. */
  solid: Path2D[];
}

/** The product's own colours and signs as a canvas takes them, for the theme in force. */
export interface Palette {
  ground: string;
  surface: string;
  lane: string;
  ink: string;
  inkSoft: string;
  inkFaint: string;
  line: string;
  lineStrong: string;
  accent: string;
  accentSoft: string;
  focus: string;
  gapSoft: string;
  font: string;
  /** Pixels of one rem. */
  rem: number;
  states: { [state in ComponentState]: StateLook };
}

/** Read from the legend, which shows each state with its sign: one source for both. `look`: `light` when it is for paper. */
export function readPalette(legend: HTMLElement, look?: 'light'): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  if (look !== undefined) probe.style.colorScheme = look;
  legend.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const stateLook = (state: ComponentState): StateLook => {
    probe.dataset.state = state;
    const svg = legend.querySelector(`.state-mark[data-state="${state}"] svg`);
    const shapes = svg === null ? [] : [...svg.children];
    return {
      fill: colour('--fill'),
      ink: colour('--state-ink'),
      sign: shapes.map(pathOf),
      solid: shapes.filter((shape) => shape.getAttribute('fill') === 'currentColor').map(pathOf),
    };
  };
  const looks = Object.fromEntries(states.map((state) => [state, stateLook(state)])) as Palette['states'];
  delete probe.dataset.state;
  const palette = {
    ground: colour('--surface-sunken'),
    surface: colour('--surface'),
    lane: colour('--ground'),
    ink: colour('--ink'),
    inkSoft: colour('--ink-soft'),
    inkFaint: colour('--ink-faint'),
    line: colour('--line'),
    lineStrong: colour('--line-strong'),
    accent: colour('--accent'),
    accentSoft: colour('--accent-soft'),
    focus: colour('--focus'),
    gapSoft: colour('--gap-soft'),
    font: getComputedStyle(document.body).fontFamily,
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    states: looks,
  };
  probe.remove();
  return palette;
}

function pathOf(shape: Element): Path2D {
  if (shape.tagName !== 'circle') return new Path2D(shape.getAttribute('d') ?? '');
  const path = new Path2D();
  path.arc(
    Number(shape.getAttribute('cx')),
    Number(shape.getAttribute('cy')),
    Number(shape.getAttribute('r')),
    0,
    2 * Math.PI,
  );
  return path;
}
