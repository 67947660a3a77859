import type { Kind } from './requests.ts';
import type { Sent } from './run.ts';

const KINDS: readonly Kind[] = ['valid', 'nearly', 'hostile'];
/** The slowest requests of each world are sent again, so that a pause of the machine does not count. */
const SLOWEST = 3;
const AGAIN = 3;

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Counts requests and their times. */
export function createTally() {
  const times: Record<Kind, number[]> = { valid: [], nearly: [], hostile: [] };
  const slowest: Record<Kind, number> = { valid: 0, nearly: 0, hostile: 0 };
  const statuses = new Map<string, number>();
  let world: Sent[] = [];
  const started = performance.now();

  return {
    add(sent: Sent) {
      times[sent.plan.kind].push(sent.ms);
      const key = `${sent.plan.kind} ${sent.status}`;
      statuses.set(key, (statuses.get(key) ?? 0) + 1);
      world.push(sent);
    },
    async endWorld() {
      for (const kind of KINDS) {
        const ofKind = world.filter(({ plan }) => plan.kind === kind).sort((a, b) => b.ms - a.ms);
        for (const sent of ofKind.slice(0, SLOWEST)) {
          let least = sent.ms;
          for (let i = 0; i < AGAIN; i++) least = Math.min(least, await sent.again());
          slowest[kind] = Math.max(slowest[kind], least);
        }
      }
      world = [];
    },
    text(): string {
      const all = KINDS.flatMap((kind) => times[kind]).length;
      const lines = KINDS.map((kind) => {
        const sorted = times[kind].sort((a, b) => a - b);
        const answered = [...statuses]
          .filter(([key]) => key.startsWith(kind))
          .map(([key, count]) => `${key.split(' ')[1]}: ${count}`);
        const ms = [at(sorted, 0.5), at(sorted, 0.99), slowest[kind]].map((n) => n.toFixed(2));
        return `${kind.padEnd(8)}${String(sorted.length).padStart(7)}  median ${ms[0]} ms, 99 % ${ms[1]} ms, slowest ${ms[2]} ms  (${answered.sort().join(', ')})`;
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const ratio = (Math.max(slowest.nearly, slowest.hostile) / slowest.valid).toFixed(2);
      lines.push(`the slowest request takes ${ratio} times as long as the slowest valid one`);
      return [`${all} requests in ${seconds} s without a fault`, ...lines].join('\n');
    },
  };
}
