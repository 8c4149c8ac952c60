/** Whether there is a page at a path of an endpoint: emulators are told apart by pages that one of them alone has. */
export async function pageAnswers(endpoint: string, path: string): Promise<boolean> {
  const answer = await fetch(new URL(path, endpoint)).catch(() => undefined);
  return answer?.ok === true;
}
