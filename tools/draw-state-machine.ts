/** Positions of the states of statemachines/job.asl.json, for the page to draw: rows by distance from the start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface AslState {
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string }[];
}

interface Asl {
  StartAt: string;
  States: Record<string, AslState>;
}

const COLUMN = 150;
const MOST_COLUMNS = 4;
const ROW = 64;
const MARGIN = 24;

const targetsOf = ({ Next, Default, Choices = [], Catch = [] }: AslState): string[] =>
  [
    ...new Set([Next, ...Choices.map((choice) => choice.Next), Default, ...Catch.map((one) => one.Next)]),
  ].filter((name): name is string => name !== undefined);

export function drawStateMachine() {
  const file = join(import.meta.dirname, '../statemachines/job.asl.json');
  const { StartAt, States } = JSON.parse(readFileSync(file, 'utf8')) as Asl;
  const rows: string[][] = [];
  const known = new Set([StartAt]);
  for (let row = [StartAt]; row.length > 0; ) {
    for (let i = 0; i < row.length; i += MOST_COLUMNS) rows.push(row.slice(i, i + MOST_COLUMNS));
    const below = new Set(
      row.flatMap((name) => targetsOf(States[name] ?? {})).filter((name) => !known.has(name)),
    );
    for (const name of below) known.add(name);
    row = [...below];
  }
  const width = Math.max(...rows.map((row) => row.length)) * COLUMN + 2 * MARGIN;
  const states = rows.flatMap((row, i) =>
    row.map((name, j) => ({
      name,
      x: width / 2 + (j - (row.length - 1) / 2) * COLUMN,
      y: MARGIN + i * ROW,
    })),
  );
  const at = (name: string) => states.find((state) => state.name === name) ?? { x: 0, y: 0 };
  const arrows = Object.entries(States).flatMap(([from, state]) =>
    targetsOf(state).map((to) => arrow(at(from), at(to))),
  );
  return { width, height: (rows.length - 1) * ROW + 2 * MARGIN, states, arrows };
}

interface Point {
  x: number;
  y: number;
}

/** A curve between two states: down from the lower edge of `a`, else up from its upper edge. */
function arrow(a: Point, b: Point): string {
  if (b.y > a.y) return `M${a.x} ${a.y + 14}C${a.x} ${a.y + 40} ${b.x} ${b.y - 40} ${b.x} ${b.y - 14}`;
  const [end, bend, x] = b.y === a.y ? [-14, -44, (a.x + b.x) / 2] : [14, 44, b.x];
  return `M${a.x} ${a.y - 14}C${a.x} ${a.y - 44} ${x} ${b.y + bend} ${b.x} ${b.y + end}`;
}
