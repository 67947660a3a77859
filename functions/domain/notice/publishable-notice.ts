import type { Notice } from '../../core/generated/notice.mjs';

export type NoticeKind = Notice['kind'];

/** The input of SNS Publish; the state machine passes it on unchanged. */
export interface PublishableNotice {
  kind: NoticeKind;
  subject: string;
  /** JSON text of a Notice (schemas/notice.schema.json). */
  message: string;
  attributes: Record<string, { DataType: 'String'; StringValue: string }>;
}
