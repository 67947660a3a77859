import { type Fault, KnownError } from '../../core/errors.ts';
import validate, { type JobRequest } from '../../core/generated/job-request.mjs';
import { timestampPaths } from '../../core/generated/job-request-timestamps.ts';
import { countFaults, schemaFaults } from '../../core/validators.ts';
import { pointerTo, xmlTextFaults } from '../../core/xml-text.ts';
import { encodeKey } from '../manifest/manifest-rows.ts';
import { noticeAttributes } from '../notice/notice.ts';
import { arnFaults } from './arn-faults.ts';
import { duplicateKeyFaults } from './job-tags.ts';
import { isRealInstant } from './timestamps.ts';

const MAX_KEY_BYTES = 1024;
/** Characters of a user argument. */
const MAX_ARGUMENT = 1024;
/** Of a key as written in a manifest. */
const MAX_WRITTEN_KEY = 1024;

const fault = (pointer: string, detail: string, code: string): Fault => ({ pointer, detail, code });

const at = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

function timestampFaults(request: JobRequest): Fault[] {
  return timestampPaths.flatMap((pointer) => {
    const value = at(request, pointer);
    return typeof value === 'string' && !isRealInstant(value)
      ? [fault(pointer, `${value} is not a valid time, such as 2026-01-31T12:00:00Z`, 'timestamp')]
      : [];
  });
}

function manifestFaults({ Manifest, ManifestGenerator, MaxObjects }: JobRequest): Fault[] {
  const faults: Fault[] = [];
  const spec = Manifest?.Spec;
  const isInventory = spec?.Format === 'S3InventoryReport_CSV_20161130';
  if (isInventory && spec.Fields)
    faults.push(
      fault(
        '/Manifest/Spec/Fields',
        'is not allowed for an inventory report, which has its own columns',
        'fields',
      ),
    );
  for (const field of ['Bucket', 'Key'] as const)
    if (!isInventory && spec?.Fields && !spec.Fields.includes(field))
      faults.push(fault('/Manifest/Spec/Fields', `the column ${field} is missing`, 'fields'));
  if (MaxObjects !== undefined && (isInventory || ManifestGenerator))
    faults.push(
      fault(
        '/MaxObjects',
        'needs a CSV manifest, Objects or RowsOf; for an inventory or a generator, store its first rows as CSV',
        'maxObjects',
      ),
    );
  const generator = ManifestGenerator?.S3JobManifestGenerator;
  if (generator?.EnableManifestOutput && !generator.ManifestOutputLocation)
    faults.push(
      fault(
        '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation',
        'is missing; it is required when EnableManifestOutput is true',
        'required',
      ),
    );
  return faults;
}

/** Object keys are not written as XML: S3 allows them any character. */
const isObjectKey = (pointer: string) => /^\/Objects\/\d+\/Key$/.test(pointer);

/** HTTP ignores the case of header names, so S3 would keep only one of two such names. */
function metadataFaults({ Operation }: JobRequest): Fault[] {
  const names = Object.keys(Operation.S3PutObjectCopy?.NewObjectMetadata?.UserMetadata ?? {});
  const at = '/Operation/S3PutObjectCopy/NewObjectMetadata/UserMetadata';
  const first = new Set<string>();
  return names.flatMap((name) => {
    const isRepeated = first.has(name.toLowerCase());
    first.add(name.toLowerCase());
    return isRepeated
      ? [
          fault(
            pointerTo(at, name),
            'differs from another name only in case; names must be unique',
            'uniqueKeys',
          ),
        ]
      : [];
  });
}

/** The limit that a key exceeds; S3 has one for keys and one for keys in a manifest. */
function excessOf(key: string): string | undefined {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `${MAX_KEY_BYTES} bytes of UTF-8`;
  if (encodeKey(key).length <= MAX_WRITTEN_KEY) return undefined;
  return `${MAX_WRITTEN_KEY} characters, URL-encoded as a manifest has it`;
}

const MAX_CHAIN_SECONDS = 30 * 86_400;

function retryFaults({ Retry, Report }: JobRequest): Fault[] {
  if (!Retry) return [];
  const seconds = Retry.Times * Retry.AfterSeconds;
  return [
    ...(seconds > MAX_CHAIN_SECONDS
      ? [
          fault(
            '/Retry',
            `takes ${seconds} seconds; Times × AfterSeconds is at most 30 days (${MAX_CHAIN_SECONDS})`,
            'retry',
          ),
        ]
      : []),
    ...(Report?.Enabled === false
      ? [fault('/Report/Enabled', 'must be true, because a retry reads the report', 'report')]
      : []),
    ...(Retry.Results && Report?.ReportScope === 'FailedTasksOnly'
      ? [
          fault(
            '/Report/ReportScope',
            'must be AllTasks, because Retry.Results reads succeeded tasks',
            'report',
          ),
        ]
      : []),
  ];
}

const rowsFaults = ({ RowsOf }: JobRequest): Fault[] =>
  (
    [
      ['Codes', 'Failed'],
      ['Results', 'Succeeded'],
    ] as const
  ).flatMap(([name, rows]) =>
    RowsOf?.[name] && RowsOf.Rows !== rows
      ? [fault(`/RowsOf/${name}`, `is only allowed with Rows ${rows}; remove it`, 'rows')]
      : [],
  );

function objectFaults({ Objects }: JobRequest): Fault[] {
  const [first] = Objects ?? [];
  if (!Objects || !first) return [];
  return Objects.flatMap((object, index) => {
    const faults: Fault[] = [];
    if (object.Bucket !== first.Bucket)
      faults.push(
        fault(
          `/Objects/${index}/Bucket`,
          'must be the bucket of the first object; a job has one bucket',
          'oneBucket',
        ),
      );
    if ((object.VersionId === undefined) !== (first.VersionId === undefined))
      faults.push(
        fault(`/Objects/${index}/VersionId`, 'all objects or no object must have a VersionId', 'allVersions'),
      );
    const tooLong = excessOf(object.Key);
    if (tooLong) faults.push(fault(`/Objects/${index}/Key`, `is longer than ${tooLong}`, 'maxLength'));
    return faults;
  });
}

function operationFaults({ Operation, Report }: JobRequest): Fault[] {
  const faults: Fault[] = [];
  const { LambdaInvoke: invoke, S3PutObjectAcl: acl, S3ComputeObjectChecksum: checksum } = Operation;
  if (invoke?.UserArguments && invoke.InvocationSchemaVersion === '1.0')
    faults.push(
      fault(
        '/Operation/LambdaInvoke/InvocationSchemaVersion',
        'must be 2.0, because UserArguments need it',
        'schemaVersion',
      ),
    );
  const policy = acl?.AccessControlPolicy;
  if (acl && !policy?.AccessControlList === !policy?.CannedAccessControlList)
    faults.push(
      fault(
        '/Operation/S3PutObjectAcl/AccessControlPolicy',
        'needs exactly one of AccessControlList and CannedAccessControlList',
        'oneOf',
      ),
    );
  if (checksum && Report?.Enabled === false)
    faults.push(
      fault('/Report/Enabled', 'must be true, because the checksums are only in the report', 'report'),
    );
  if (checksum && Report?.Bucket && !Report.ExpectedBucketOwner)
    faults.push(
      fault(
        '/Report/ExpectedBucketOwner',
        'is missing; S3ComputeObjectChecksum needs the account id of the report bucket',
        'required',
      ),
    );
  if (checksum?.ChecksumAlgorithm === 'CRC64NVME' && checksum.ChecksumType === 'COMPOSITE')
    faults.push(
      fault(
        '/Operation/S3ComputeObjectChecksum/ChecksumType',
        'must be FULL_OBJECT for CRC64NVME',
        'checksumType',
      ),
    );
  return faults;
}

/** Whether SNS accepts the name for a message attribute, and no attribute of every notice has it. */
const isAttributeName = (name: string) =>
  /^(?!aws\.|amazon\.)[\w-]+(\.[\w-]+)*$/i.test(name) && !noticeAttributes.includes(name as never);

const watchFaults = ({ Watch }: JobRequest): Fault[] =>
  (Watch?.TagAttributes ?? []).flatMap((name, index) =>
    isAttributeName(name)
      ? []
      : [
          fault(
            `/Watch/TagAttributes/${index}`,
            `is not a valid attribute name: use letters, digits, _, - and single dots, and none of ${noticeAttributes.join(', ')}`,
            'attributeName',
          ),
        ],
  );

/** The faults that a schema cannot express. The request has passed the schema. */
function ruleFaults(request: JobRequest): Fault[] {
  return [
    ...arnFaults(request),
    ...xmlTextFaults(request, isObjectKey),
    ...timestampFaults(request),
    ...duplicateKeyFaults('/Tags', request.Tags),
    ...duplicateKeyFaults(
      '/Operation/S3PutObjectTagging/TagSet',
      request.Operation.S3PutObjectTagging?.TagSet,
    ),
    ...duplicateKeyFaults(
      '/Operation/S3PutObjectCopy/NewObjectTagging',
      request.Operation.S3PutObjectCopy?.NewObjectTagging,
    ),
    ...metadataFaults(request),
    ...manifestFaults(request),
    ...objectFaults(request),
    ...rowsFaults(request),
    ...retryFaults(request),
    ...operationFaults(request),
    ...watchFaults(request),
  ];
}

type Unchecked = Readonly<Record<string, unknown>> | undefined;

const jsonText = (value: unknown): unknown => {
  if (typeof value === 'string' || value === null) return value;
  try {
    return JSON.stringify(value);
  } catch {
    // It is nested too deeply to be written, so its text is longer than the schema allows.
    return 'x'.repeat(MAX_ARGUMENT + 1);
  }
};

/** The body with user arguments as S3 stores them: values other than text become their JSON text. */
function withTextArguments(body: unknown): unknown {
  const { Operation: operation } = (body ?? {}) as { Operation?: Unchecked };
  const invoke = operation?.['LambdaInvoke'] as Unchecked;
  const given = invoke?.['UserArguments'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return body;
  const UserArguments = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, jsonText(value)]),
  );
  return {
    ...(body as object),
    Operation: { ...operation, LambdaInvoke: { ...invoke, UserArguments } },
  };
}

/** The body as a job request. Throws InvalidRequest with all faults of the schema or, if there are none, of the rules. */
export function readJobRequest(given: unknown): JobRequest {
  const body = withTextArguments(given);
  const bySchema = schemaFaults(validate, body);
  const faults = bySchema.length > 0 ? bySchema : ruleFaults(body as JobRequest);
  if (faults.length === 0) return body as JobRequest;
  throw new KnownError('InvalidRequest', `The job request has ${countFaults(faults)}; nothing was done.`, {
    faults,
  });
}

export type { JobRequest };
