import { setTimeout } from 'node:timers/promises';

/** The only way for functions to wait; the simulation replaces this module. */
export const sleep = (ms: number): Promise<void> => setTimeout(ms);
