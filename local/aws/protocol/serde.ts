/** The only module that imports the SDK's serialization runtime. */
import {
  JsonShapeDeserializer2,
  JsonShapeSerializer2,
  XmlShapeDeserializer,
  XmlShapeSerializer,
} from '@aws-sdk/core/protocols';
import {
  buildQueryString,
  FromStringShapeDeserializer,
  HttpResponse,
  ToStringShapeSerializer,
} from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { HttpHandlerOptions, HttpRequest, RequestHandler } from '@smithy/types';
import { type Log, limitLines, ShapeFault } from './fault.ts';
import { parseXml } from './parse-xml.ts';
import { requiredMembers, type Shape } from './schema.ts';
import { checkShape } from './strict-xml.ts';
import { withReferences } from './xml-characters.ts';

/** What an SDK v3 client takes as its `requestHandler`. */
export type ClientRequestHandler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;
export { buildQueryString as encodeQuery, type HttpRequest, HttpResponse };

/** Reads and writes one service's XML documents, and its values in headers, queries and paths. */
export interface XmlCodec {
  /** The structure in an XML document; throws ShapeFault when the document does not fit. */
  read(shape: Shape, xml: string): unknown;
  write(shape: Shape, value: unknown): string;
  /** One value of a header, query parameter or label. */
  readText(shape: Shape, text: string): unknown;
  writeText(shape: Shape, value: unknown): string;
}

type XmlSettings = ConstructorParameters<typeof XmlShapeDeserializer>[0];

class StrictXmlDeserializer extends XmlShapeDeserializer {
  readonly optionalMembers: readonly string[];
  readonly log: Log | undefined;

  constructor(settings: XmlSettings, optionalMembers: readonly string[], log: Log | undefined) {
    super(settings);
    this.optionalMembers = optionalMembers;
    this.log = log;
  }

  override readSchema(schema: Shape, value: unknown): unknown {
    const shape = NormalizedSchema.of(schema);
    const required = requiredMembers(shape).filter(
      (member) => !this.optionalMembers.includes(`${shape.getName()}.${member}`),
    );
    return super.readSchema(shape, checkShape(shape, value, required, this.log));
  }
}

/** The part of the SDK's serializer that writes one value into its element. */
interface ValueWriter {
  writeSimpleInto(schema: unknown, value: unknown, node: unknown, namespace: unknown): void;
}

/** The SDK's schema of a string. */
const STRING = 0;

/** A serializer that writes dates with milliseconds, as AWS does. The SDK leaves out `.000`. */
function createXmlWriter(settings: XmlSettings): XmlShapeSerializer {
  const serializer = new XmlShapeSerializer(settings);
  const values = serializer as unknown as ValueWriter;
  const write = values.writeSimpleInto.bind(serializer);
  values.writeSimpleInto = (schema, value, node, namespace) =>
    value instanceof Date
      ? write(STRING, value.toISOString(), node, namespace)
      : write(schema, value, node, namespace);
  return serializer;
}

export interface XmlCodecOptions {
  namespace: string;
  /** Accepts characters that XML 1.0 cannot carry, when they are written as references. */
  anyCharacter?: boolean;
  /** Members that the model requires and the service does not, as `Tagging.TagSet`. */
  optionalMembers?: readonly string[];
  log?: Log;
}

export function createXmlCodec({
  namespace,
  anyCharacter = false,
  optionalMembers = [],
  log,
}: XmlCodecOptions): XmlCodec {
  const settings = {
    timestampFormat: { useTrait: true, default: 5 as const },
    httpBindings: true,
    xmlNamespace: namespace,
    serviceNamespace: namespace,
  };
  const xmlWriter = createXmlWriter(settings);
  const textReader = new FromStringShapeDeserializer(settings);
  const textWriter = new ToStringShapeSerializer(settings);
  return {
    read(shape, xml) {
      const expected = shape.getMergedTraits().xmlName ?? shape.getName() ?? '';
      const { root, value } = parseXml(xml, { anyCharacter });
      if (root !== expected)
        throw new ShapeFault('Syntax', 'body', expected, `the root element is ${root}, not ${expected}`);
      try {
        return new StrictXmlDeserializer(settings, optionalMembers, limitLines(log)).readSchema(shape, value);
      } catch (error) {
        if (error instanceof ShapeFault) throw error;
        throw new ShapeFault(
          'Syntax',
          'body',
          expected,
          error instanceof Error ? error.message : String(error),
        );
      }
    },
    write(shape, value) {
      xmlWriter.write(shape, value);
      return withReferences(String(xmlWriter.flush()));
    },
    readText: (shape, text) => textReader.read(shape, text),
    writeText(shape, value) {
      textWriter.write(shape, value);
      return String(textWriter.flush());
    },
  };
}

/** Reads and writes AWS JSON 1.0: timestamps are epoch seconds, blobs are base64. */
export interface JsonCodec {
  read(shape: Shape, value: unknown): unknown;
  write(shape: Shape, value: unknown): Uint8Array;
}

export function createJsonCodec(): JsonCodec {
  const settings = { timestampFormat: { useTrait: true, default: 7 as const }, jsonName: false };
  const reader = new JsonShapeDeserializer2(settings);
  const writer = new JsonShapeSerializer2(settings);
  return {
    read: (shape, value) => reader.readObject(shape, value as never),
    write(shape, value) {
      writer.write(shape, value);
      return writer.flush() as Uint8Array;
    },
  };
}
