import { type RefObject, useEffect, useRef } from 'react';

/** What listeners read when something happens: always the newest, without listening anew. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
