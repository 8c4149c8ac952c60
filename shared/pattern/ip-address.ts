const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:]*$/i;
const MAX_IPV4_CHARACTERS = 15;
const MAPPED_IPV4 = "00000000000000000000ffff";

/** An address as lower-case hex digits: 8 for IPv4, 32 for IPv6. Order of text is order of addresses. */
type IpAddress = string;

/** Addresses of one family, both ends included. */
export interface IpRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

/**
 * Reads an address without a zone or a port; undefined for any other text. As in EventBridge, leading zeros
 * are allowed (and decimal), and an IPv4 address in IPv6 form (`::ffff:…`) is the IPv4 address.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (IPV4.test(text)) {
    return text.length > MAX_IPV4_CHARACTERS ? undefined : hex(text.split(".").map(Number), 0xff, 2);
  }
  if (!IPV6.test(text)) {
    return undefined;
  }
  const halves = text.split("::");
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":").map(hexNumber)));
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) {
    return undefined;
  }
  const address = hex([...head, ...Array<number>(missing).fill(0), ...tail], 0xffff, 4);
  return address?.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : address;
}

/** Whether an address is of the range's family and within it. */
export function isInRange(range: IpRange, address: IpAddress): boolean {
  return address.length === range.first.length && address >= range.first && address <= range.last;
}

/**
 * Reads `address/bits`. The address need not be the block's first. A block of a single address (/32, /128) is
 * refused, as EventBridge does: a plain string matches one.
 *
 * @param refuse is given the reason where the text is no such block
 */
export function parseCidr(text: string, refuse: (reason: string) => never): IpRange {
  const [addressText = "", bitsText, ...more] = text.split("/");
  if (bitsText === undefined || more.length > 0) {
    return refuse("Malformed CIDR, one '/' required");
  }
  if (!/^[+-]?\d+$/.test(bitsText)) {
    return refuse("Malformed CIDR, mask bits must be an integer");
  }
  const bits = Number(bitsText);
  const address = parseIpAddress(addressText);
  if (address === undefined) {
    return refuse(`Nonstandard IP address: ${addressText}`);
  }
  const width = address.length * 4;
  if (bits < 0 || bits >= width) {
    return refuse(`Malformed CIDR, mask bits must be from 0 to ${width - 1}`);
  }
  const hostBits = BigInt(width - bits);
  const first = (BigInt(`0x${address}`) >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return { first: digits(first, address.length), last: digits(last, address.length) };
}

function hexNumber(group: string): number {
  return group === "" ? Number.NaN : Number.parseInt(group, 16);
}

function hex(groups: readonly number[], max: number, width: number): string | undefined {
  return groups.every((group) => group <= max)
    ? groups.map((group) => digits(group, width)).join("")
    : undefined;
}

function digits(value: number | bigint, width: number): string {
  return value.toString(16).padStart(width, "0");
}
