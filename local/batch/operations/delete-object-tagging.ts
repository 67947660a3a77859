import type { ObjectStore } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

export function deleteObjectTagging(objects: ObjectStore): Operation {
  return objectOperation((task) => objects.deleteObjectTagging(task));
}
