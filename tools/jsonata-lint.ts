import jsonata from 'jsonata';

/** A node of the library's syntax tree; which members it has depends on its type. */
interface Node {
  type?: string;
  value?: unknown;
  [member: string]: unknown;
}

/** What a name means at one point of the expression. */
interface Scope {
  /** Variables and functions, without the `$`. */
  known: ReadonlySet<string>;
  /** Whether paths start from the expression's own context, which Step Functions does not give it. */
  top: boolean;
}

const BUILT_IN =
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad ' +
  'match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs ' +
  'sqrt power boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each ' +
  'error assert type sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent ' +
  'decodeUrl toMillis fromMillis clone now millis random uuid range partition hash parse states';

const REFUSED = new Map([
  ['eval', '$eval does not exist on AWS; $parse reads JSON'],
  ['shuffle', '$shuffle draws from the process: no run could be repeated'],
]);

/** What is wrong with an expression (without its brackets), in words; `variables` are those that states assign. */
export function lintExpression(text: string, variables: Iterable<string>): string[] {
  const faults: string[] = [];
  try {
    const known = new Set([...BUILT_IN.split(' '), ...variables]);
    walk(jsonata(text).ast() as Node, { known, top: true }, (fault) => faults.push(fault));
  } catch (error) {
    faults.push((error as Error).message);
  }
  return faults;
}

type Report = (fault: string) => void;

function walk(node: unknown, scope: Scope, report: Report): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, scope, report);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type } = node as Node;
  const visit = (type !== undefined && VISITS[type]) || walkMembers;
  visit(node as Node, scope, report);
}

/** Predicates and groups are evaluated for each of the values before them. */
const OF_EACH = ['predicate', 'stages', 'group'];

function walkMembers(node: Node, scope: Scope, report: Report): void {
  for (const [name, member] of Object.entries(node))
    if (typeof member === 'object')
      walk(member, OF_EACH.includes(name) ? { ...scope, top: false } : scope, report);
}

const VISITS: Partial<Record<string, typeof walkMembers>> = {
  variable(node, scope, report) {
    const name = String(node.value);
    if (name === '') {
      if (scope.top) report('$ stands for a context that Step Functions does not give; write $states.input');
    } else if (name === '$') report('$$ is not supported by Step Functions');
    else if (REFUSED.has(name)) report(REFUSED.get(name) ?? '');
    else if (!scope.known.has(name)) report(`$${name} is assigned by no state`);
    walkMembers(node, scope, report);
  },
  name(node, scope, report) {
    if (scope.top) report(`the bare name ${node.value} refers to nothing; write $states.input.${node.value}`);
    walkMembers(node, scope, report);
  },
  wildcard: refuseAtTop,
  descendant: refuseAtTop,
  path(node, scope, report) {
    const [first, ...rest] = node['steps'] as Node[];
    walk(first, scope, report);
    const bound = (node['steps'] as Node[]).flatMap(({ focus, index }) => [focus, index]);
    const inside = {
      known: new Set([...scope.known, ...bound.filter((name) => typeof name === 'string')]),
      top: false,
    };
    walk([first?.['stages'], rest, node['group']], inside, report);
  },
  block(node, scope, report) {
    const known = new Set(scope.known);
    for (const expression of node['expressions'] as Node[]) {
      if (expression.type === 'bind') known.add(String((expression['lhs'] as Node).value));
      walk(expression, { ...scope, known }, report);
    }
  },
  bind(node, scope, report) {
    walk(node['rhs'], scope, report);
  },
  lambda(node, scope, report) {
    const parameters = (node['arguments'] as Node[]).map(({ value }) => String(value));
    walk(node['body'], { ...scope, known: new Set([...scope.known, ...parameters]) }, report);
  },
  transform(node, scope, report) {
    walk([node['pattern'], node['update'], node['delete']], { ...scope, top: false }, report);
  },
  function(node, scope, report) {
    if ((node['procedure'] as Node).value === 'toMillis') checkPicture(node, report);
    walkMembers(node, scope, report);
  },
};

function refuseAtTop(node: Node, scope: Scope, report: Report): void {
  if (scope.top) report(`${node.value} refers to nothing; start from $states.input`);
  walkMembers(node, scope, report);
}

/** Year, month and day, or year and day of the year. */
const WHOLE_DATE = /\[Y.*\[(d|M.*\[D|D.*\[M)|\[(M.*\[D|D.*\[M).*\[Y/;

/** $toMillis fills in from the real date what a picture leaves out. */
function checkPicture(node: Node, report: Report): void {
  const given = node['arguments'] as Node[];
  const picture = given.find(({ type, value }) => type === 'string' && /\[.*\]/.test(String(value)))?.value;
  if (picture === undefined && given.length > 1) report('$toMillis takes a picture as a literal only');
  if (picture !== undefined && !WHOLE_DATE.test(String(picture)))
    report(`$toMillis with the picture ${picture} would take the rest of the date from the real clock`);
}
