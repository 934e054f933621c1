/** What a gate refuses, and where. */
export interface Problem {
  file: string;
  line?: number;
  column?: number;
  message: string;
}

export interface Verdict {
  /** How many files the gate really looked at: a gate that looked at none has proved nothing, and fails. */
  examined: number;
  problems: Problem[];
}

export interface Gate {
  name: string;
  /** What `examined` counts, when not files. */
  unit?: string;
  run(root: string): Verdict | Promise<Verdict>;
}

export const isOpen = (verdict: Verdict): boolean => verdict.examined > 0 && verdict.problems.length === 0;

export function describe({ file, line, column, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`;
  return `${place} ${message}`;
}

/** A gate that cannot even run refuses, with the reason. */
export async function judge(gate: Gate, root: string): Promise<Verdict> {
  try {
    return await gate.run(root);
  } catch (error) {
    return {
      examined: 0,
      problems: [{ file: gate.name, message: error instanceof Error ? error.message : String(error) }],
    };
  }
}
