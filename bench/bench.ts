/** The settings of a benchmark run. */
export interface BenchSettings {
  /** 1 for the full sizes, less for a quick run. */
  scale: number;
  /** Number of rows of the long job of `memory`; by default it has one row for each object. */
  rows?: number;
  /** A folder for files, shared by all benchmarks of a run; `main.ts` removes it. */
  folder: string;
  /** Prints the progress. */
  say(line: string): void;
}

export interface Bench {
  name: string;
  /** What is compared with what. */
  title: string;
  /** It is stopped after this time. */
  limitSeconds: number;
  run(settings: BenchSettings): Promise<Finding[]>;
}

/** One comparison, as it is printed. */
export interface Finding {
  what: string;
  figures: Figure[];
  /** Left out for figures without a goal. */
  verdict?: Verdict;
}

/** The results of all rounds of one side. */
export interface Figure {
  name: string;
  unit: string;
  rounds: number;
  min: number;
  median: number;
  max: number;
}

export interface Verdict {
  value: number;
  /** `x` for the ratio of two medians. */
  unit: 'x' | 'ms';
  goal: Goal;
  isMet: boolean;
}

export type Goal = { atLeast: number } | { atMost: number };

export const judge = (value: number, unit: Verdict['unit'], goal: Goal): Verdict => ({
  value,
  unit,
  goal,
  isMet: 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost,
});

/** The ratio of the two medians. */
export const ratio = (one: Figure, other: Figure, goal: Goal): Verdict =>
  judge(one.median / other.median, 'x', goal);
