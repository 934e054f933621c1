import 'react';

declare module 'react' {
  /** Geometry goes to the stylesheets as custom properties; nothing else is styled in place. */
  interface CSSProperties {
    [property: `--${string}`]: string | number;
  }
}
