import type { Task } from '../task.ts';

/** The start of a row of a manifest. */
export interface ManifestPosition {
  /** Rows before it. */
  task: number;
  /** Index of the file, for manifests of several files. */
  file: number;
  /** Bytes of that file before it, after decompression. */
  offset: number;
}

export const MANIFEST_START: ManifestPosition = { task: 0, file: 0, offset: 0 };

export const positionAfter = ({ number, file, end }: Task): ManifestPosition => ({
  task: number + 1,
  file,
  offset: end,
});

/** A list of objects, read in order and in bounded memory. */
export interface Manifest {
  /** The tasks from the position on, some hundreds at a time. Throws ManifestFault for an invalid row. */
  tasks(from: ManifestPosition): AsyncIterable<Task[]>;
}
