import { describe, expect, it } from "vitest";
import { isSameServer } from "../../cli/import/same-server.ts";

describe("the server that files are imported by is the one that they are in", () => {
  it.each([
    ["http://127.0.0.1:4570", "http://127.0.0.1:4570"],
    ["http://127.0.0.1:4570/", "http://localhost:4570"],
    ["http://s3.localhost:4570", "http://[::1]:4570"],
    ["https://trail.example.com", "https://trail.example.com:443/"],
  ])("%s and %s", (s3, endpoint) => {
    expect(isSameServer(s3, endpoint)).toBe(true);
  });

  it.each([
    ["http://127.0.0.1:4570", "http://127.0.0.1:4571"],
    ["http://127.0.0.1:4570", "https://127.0.0.1:4570"],
    ["http://127.0.0.1:4566", "http://127.0.0.1:4566/_aws/lambda-url/abc"],
    ["http://127.example.com:4570", "http://127.0.0.1:4570"],
    ["nothing", "nothing"],
  ])("%s and %s are not", (s3, endpoint) => {
    expect(isSameServer(s3, endpoint)).toBe(false);
  });
});
