import { parseArgs } from 'node:util';

/** Settings of `npm start`, from the environment. */
export interface Settings {
  apiPort: number;
  awsPort: number;
  dataDir: string;
  speed: number;
}

/** Options of `npm start`: those of `serverless deploy`. `stages/STAGE.yml` has the parameters of a stage. */
export interface Options {
  stage: string;
  params: Record<string, string>;
}

/** Throws for an unknown option, and for a parameter without a value. */
export function readOptions(args: string[]): Options {
  const { param: pairs = [], stage = 'local' } = parseOptions(args);
  const params = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Error(`--param is "${pair}". Expected name=value`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(stage))
    throw new Error(`--stage is "${stage}". Expected lower-case letters, digits and hyphens`);
  return { stage, params: Object.fromEntries(params) };
}

function parseOptions(args: string[]) {
  try {
    const options = { param: { type: 'string', multiple: true }, stage: { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}. Usage: npm start -- [--stage NAME] [--param name=value]…`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws with the name of an invalid variable and the expected value. An empty variable counts as not set. */
export function readSettings(environment: Environment): Settings {
  return {
    apiPort: portOf(environment, 'PORT', 3000),
    awsPort: portOf(environment, 'AWS_PORT', 4566),
    dataDir: environment['DATA_DIR'] || '.local',
    speed: speedOf(environment),
  };
}

function portOf(environment: Environment, name: string, fallback: number): number {
  const text = environment[name] || String(fallback);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`${name} is "${text}". Expected a port from 1 to 65535, or 0 for a free one`);
}

function speedOf(environment: Environment): number {
  const text = environment['SPEED'] || '1';
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new Error(
    `SPEED is "${text}". Expected a number over 0; 60 makes a wait of one minute last one second`,
  );
}
