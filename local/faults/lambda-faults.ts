import type { Random } from '../core/random.ts';
import { timedOut } from '../lambda/answers.ts';
import { parseFunctionName } from '../lambda/function-name.ts';
import type { Lambda, LambdaAnswer } from '../lambda/lambda.ts';
import { failCall, finishWork } from './call-faults.ts';
import type { EffectOf } from './fault.ts';
import type { Faults } from './faults.ts';

type FunctionEffect = EffectOf<'throttle' | 'error' | 'disconnect' | 'functionError' | 'timeOut'>;

/** The same functions, with faults injected into their invocations. */
export function lambdaWithFaults(lambda: Lambda, faults: Faults, random: Random): Lambda {
  const invokeWithFault = async (functionName: string, payload: string): Promise<LambdaAnswer> => {
    const { name } = parseFunctionName(functionName);
    const { delayMs, effect } = faults.strike('lambda', { action: 'Invoke', functionName: name });
    const act = () => lambda.invoke(functionName, payload);
    if (delayMs > 0) await faults.wait(delayMs);
    return effect ? fail(effect as FunctionEffect, act) : act();
  };

  const fail = async (effect: FunctionEffect, act: () => unknown): Promise<LambdaAnswer> => {
    if (effect.type !== 'functionError' && effect.type !== 'timeOut') return failCall('lambda', effect, act);
    if (effect.afterWork) await finishWork(act);
    if (effect.type === 'functionError') return thrownBy(effect);
    await faults.wait(effect.seconds * 1000);
    return timedOut(random.uuid(), effect.seconds);
  };

  return {
    invoke: (functionName, payload) =>
      faults.has('lambda') ? invokeWithFault(functionName, payload) : lambda.invoke(functionName, payload),
  };
}

const thrownBy = ({
  errorType = 'Error',
  errorMessage = 'Injected by a fault of the local stack',
}: EffectOf<'functionError'>): LambdaAnswer => ({
  payload: JSON.stringify({ errorType, errorMessage, trace: [] }),
  functionError: 'Unhandled',
});
