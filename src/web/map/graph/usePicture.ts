import { type RefObject, useEffect, useRef } from 'react';
import type { Camera } from './camera.ts';
import { Picture, type Scene } from './paint/Picture.ts';
import { readPalette } from './paint/palette.ts';
import { useLatest } from './useLatest.ts';

/** A sheet of paper, in pixels of the screen. */
const SHEET = { width: 1080, height: 700 };

/** The picture on its canvas, as large as its place, in the theme in force, and on paper. */
export function usePicture(
  surface: RefObject<HTMLElement | null>,
  scene: Scene | null,
  onCamera: (camera: Camera) => void,
) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const legend = useRef<HTMLElement>(null);
  const picture = useRef<Picture | null>(null);
  const told = useLatest(onCamera);
  useEffect(() => {
    const [place, drawing, words] = [surface.current, canvas.current, legend.current];
    if (place === null || drawing === null || words === null) return;
    const shown = new Picture(drawing, (camera) => told.current(camera));
    picture.current = shown;
    const dress = () => shown.dress(readPalette(words));
    const fill = () =>
      shown.resize({ width: place.clientWidth, height: place.clientHeight }, Math.min(2, devicePixelRatio));
    dress();
    fill();
    const sizes = new ResizeObserver(fill);
    sizes.observe(place);
    const themes = new MutationObserver(dress);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-layout'] });
    const schemes = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
    for (const scheme of schemes) scheme.addEventListener('change', dress);
    void document.fonts.ready.then(dress);
    let back: (() => void) | null = null;
    const print = () => {
      back ??= shown.print(readPalette(words, 'light'), SHEET);
    };
    const printed = () => {
      back?.();
      back = null;
    };
    addEventListener('beforeprint', print);
    addEventListener('afterprint', printed);
    return () => {
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', printed);
      for (const scheme of schemes) scheme.removeEventListener('change', dress);
      themes.disconnect();
      sizes.disconnect();
      shown.close();
      picture.current = null;
    };
  }, [surface, told]);
  useEffect(() => {
    if (scene !== null) picture.current?.show(scene);
  }, [scene]);
  return { canvas, legend, picture };
}
