import type { ReactElement } from 'react';

/** Our own few signs, 24 × 24, drawn with one stroke: they stay legible at 16 px and at four metres. */
const paths = {
  served: <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.2l2.8 2.8L16 9.6" />,
  partly: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M3 12a9 9 0 0 0 18 0z" fill="currentColor" />
    </>
  ),
  held: (
    <path d="M8 13V5.8a1.5 1.5 0 0 1 3 0V11m0-6.7a1.5 1.5 0 0 1 3 0V11m0-4.7a1.5 1.5 0 0 1 3 0V12m0-2.7a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-2a6 6 0 0 1-5-2.7l-3-4.6a1.5 1.5 0 0 1 2.4-1.8L8 14" />
  ),
  toConfirm: <path d="M4 5h16v11h-6l-4 4v-4H4zM10.2 9.2a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1M12 13.6v.1" />,
  gap: <path d="M12 3.2 21.6 20H2.4zM12 9.5v4.8M12 17.2v.1" strokeWidth="2.1" />,
  diverted: (
    <path d="M4 12h5c3 0 3-6 6-6h5M16.5 2.5 20 6l-3.5 3.5M12.5 15.5c.7 1.5 1.4 2.5 2.5 2.5h5M16.5 14.5 20 18l-3.5 3.5" />
  ),
  catchingUp: <path d="M20 11a8 8 0 0 0-14.3-4L3.5 9M3.5 4v5h5M4 13a8 8 0 0 0 14.3 4l2.2-2M20.5 20v-5h-5" />,
  unknown: (
    <>
      <circle cx="12" cy="12" r="9" strokeDasharray="2.6 3.05" />
      <path d="M9.8 9.6a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .7-1 1.4M12 16v.1" />
    </>
  ),
  notNeeded: <path d="M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z" />,
  isolated: <path d="M12 3 5 6v5.5c0 4.4 2.9 7.9 7 9.5 4.1-1.6 7-5.1 7-9.5V6zM9 9.5l6 5.5M15 9.5 9 15" />,
  board: <path d="M3 6h18M3 12h11M3 18h15M16.5 3v18" />,
  incident: <path d="M5 21V4h12l-2.4 4L17 12H5" />,
  restoration: <path d="M3.5 12A8.5 8.5 0 1 0 6 6L3.5 8.5M3.5 3.5v5h5M12 7.5V12l3.2 2" />,
  map: <path d="M9.5 3h5v5h-5zM3 16h5v5H3zM16 16h5v5h-5zM12 8v4M5.5 16v-4h13v4" />,
  settings: <path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4" />,
  chevron: <path d="m9 6 6 6-6 6" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" strokeWidth="2.2" />,
  print: <path d="M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z" />,
  play: <path d="M7 4.5v15l12-7.5z" />,
  stop: <path d="M6 6h12v12H6z" />,
  search: <path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 21 21" />,
  clock: <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.2 2" />,
  lost: (
    <path d="M2.5 8.5a14 14 0 0 1 4-2.6M10.5 5A14 14 0 0 1 21.5 8.5M5.7 12.2a9 9 0 0 1 3.8-2.1M14 10a9 9 0 0 1 4.3 2.2M9 15.8a4.4 4.4 0 0 1 6 0M12 19.5v.1M3 3l18 18" />
  ),
  lock: <path d="M6 10.5h12V21H6zM8.5 10.5V7.2a3.5 3.5 0 0 1 7 0v3.3M12 14.5v2.5" />,
  person: <path d="M12 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6" />,
  copy: <path d="M9 8h11v13H9zM15 8V3H4v13h5" />,
  external: <path d="M9 5h10v10M19 5 6 18" />,
  wall: <path d="M2.5 4h19v12.5h-19zM8 20.5h8M12 16.5v4" />,
  folder: <path d="M3 6h6.5l2 2.5H21V19H3z" />,
  file: <path d="M6 3h8l4 4v14H6zM14 3v4h4" />,
  plus: <path d="M12 5v14M5 12h14" />,
  minus: <path d="M5 12h14" />,
  whole: <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />,
  spark: <path d="M13 2.5 5 13.5h6l-1 8 8-11h-6z" />,
} satisfies { [name: string]: ReactElement };

export type IconName = keyof typeof paths;

export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg
      className={className === undefined ? 'icon' : `icon ${className}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {paths[name]}
    </svg>
  );
}
