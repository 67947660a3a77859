import { AwsError } from '../../core/aws-error.ts';
import type { Log } from './fault.ts';
import { requiredMembers, type Shape } from './schema.ts';

/** Checks types and required members, which the SDK's JSON reader does not. Throws the service's errors. */
export function checkJson(shape: Shape, value: unknown, path: string, log?: Log): void {
  if (value === undefined || value === null) return;
  const kind = Array.isArray(value) ? 'list' : typeof value;
  const expected = expectedKind(shape);
  if (expected && kind !== expected)
    throw new AwsError(
      'SerializationException',
      400,
      `${path || 'The body'} must be a ${expected}, not a ${kind}`,
    );
  if (shape.isStructSchema()) checkStructure(shape, value as Record<string, unknown>, path, log);
  else if (shape.isListSchema())
    for (const [index, child] of (value as unknown[]).entries())
      checkJson(shape.getValueSchema(), child, `${path}.${index + 1}.member`, log);
  else if (shape.isMapSchema())
    for (const [key, child] of Object.entries(value))
      checkJson(shape.getValueSchema(), child, `${path}.${key}`, log);
}

function expectedKind(shape: Shape) {
  if (shape.isStructSchema() || shape.isMapSchema()) return 'object';
  if (shape.isListSchema()) return 'list';
  if (shape.isStringSchema() || shape.isBlobSchema()) return 'string';
  if (shape.isBooleanSchema()) return 'boolean';
  return shape.isNumericSchema() || shape.isTimestampSchema() ? 'number' : undefined;
}

function checkStructure(shape: Shape, value: Record<string, unknown>, path: string, log?: Log) {
  for (const name of requiredMembers(shape))
    if (value[name] === undefined || value[name] === null)
      throw new AwsError(
        'ValidationException',
        400,
        `1 validation error detected: Value null at '${path ? `${path}.` : ''}${name}' failed to satisfy constraint: Member must not be null`,
      );
  const members = new Map([...shape.structIterator()]);
  for (const [name, child] of Object.entries(value)) {
    const member = members.get(name);
    if (member) checkJson(member, child, path ? `${path}.${name}` : name, log);
    else log?.(`ignored the unknown member ${path ? `${path}.` : ''}${name}`);
  }
}
