/**
 * S3 decodes two ways. Form decoding reads `+` as a space; percent decoding does not. The path of a request is percent
 * decoded. Query parameters, `x-amz-copy-source` and `x-amz-tagging` are form decoded. Header values are otherwise taken
 * as sent. Both decodings throw URIError for text that is not UTF-8.
 */
export const decodeForm = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
