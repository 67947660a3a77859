import type { Figure, Finding, Verdict } from './bench.ts';

/** The figures of one comparison, one line each, and the verdict. */
export function findingText({ what, figures, verdict }: Finding): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  const lines = figures.map((figure) => `    ${figure.name.padEnd(width)}  ${figureText(figure)}`);
  return [`  ${what}`, ...lines, ...(verdict ? [`    ${verdictText(verdict)}`] : [])].join('\n');
}

const figureText = ({ unit, rounds, min, median, max }: Figure): string =>
  rounds > 1
    ? `${`${short(median)} ${unit}`.padEnd(20)}  ${short(min)} to ${short(max)} in ${rounds} rounds`
    : `${short(median)} ${unit}`;

function verdictText({ value, unit, goal, isMet }: Verdict): string {
  const bound = 'atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`;
  return `= ${short(value)} ${unit}   goal: ${bound} ${unit}, ${isMet ? 'met' : 'MISSED'}`;
}

/** Three significant digits: a shared machine is no more precise. */
const short = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
