import { setTimeout } from 'node:timers/promises';

/** The one wait of the functions; a simulation replaces this module. */
export const sleep = (ms: number): Promise<void> => setTimeout(ms);
