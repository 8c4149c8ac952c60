/** The bytes that JSON texts and lists of them are cut at. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const NEWLINE = 0x0a;

/** UTF-8's byte order mark, which some editors put before a text. */
export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
