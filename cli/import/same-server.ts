/**
 * Whether two addresses are one server's: an embedded host serves S3 on the port that it imports on. This machine has several
 * names, and a path is that of something before the server, whose S3 is not the server's.
 */
export function isSameServer(address: string, other: string): boolean {
  const [one, two] = [address, other].map(serverOf);
  return one !== undefined && one === two;
}

function serverOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(address);
  if (pathname !== "/") return undefined;
  const isThisMachine = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return `${protocol}//${isThisMachine ? "localhost" : hostname}:${port}`;
}
