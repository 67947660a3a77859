/** What a benchmark is given. */
export interface BenchSettings {
  /** 1 for the full sizes, less for a quick look. */
  scale: number;
  /** A folder for its files, shared by all benchmarks of a run; whoever started them removes it. */
  folder: string;
  /** Tells a person who waits how far it is. */
  say(line: string): void;
}

export interface Bench {
  name: string;
  /** What is measured against what. */
  title: string;
  /** It is stopped after this time. */
  limitSeconds: number;
  run(settings: BenchSettings): Promise<Finding[]>;
}

/** One comparison, as it is printed. */
export interface Finding {
  what: string;
  figures: Figure[];
  /** Left out for figures that are only told. */
  verdict?: Verdict;
}

/** The rounds of one side. */
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
  /** `x` for how many times as much one median is as another. */
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

/** The median of the one as a multiple of the other's. */
export const ratio = (one: Figure, other: Figure, goal: Goal): Verdict =>
  judge(one.median / other.median, 'x', goal);
