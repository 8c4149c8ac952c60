import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import type { ExportedKeys } from "../shared/api/public-keys.ts";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import { type Endpoint, getJson, postJson } from "./endpoint-client.ts";
import { formatTable } from "./format.ts";
import { endpointOption, option, regionOption } from "./options.ts";

interface EndpointOptions {
  readonly endpoint: string;
  readonly region: string;
}

const PAGE = "/_opentrail/public-keys";

/** `opentrail public-keys`: list, export, rotate. */
export function publicKeysCommand(): Command {
  return new Command("public-keys")
    .description("the keys that digest files are signed with")
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(exportCommand())
    .addCommand(rotateCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("list the public keys of all regions")
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (options: EndpointOptions) => {
      process.stdout.write(formatKeys(await getJson<ExportedKeys>(endpointOf(options), PAGE)));
    });
}

function exportCommand(): Command {
  return new Command("export")
    .description("write all public keys as JSON, for opentrail validate-logs --public-keys")
    .argument("[file]", 'where to; "-" for standard output', "-")
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (file: string, options: EndpointOptions) => {
      const keys = await getJson<ExportedKeys>(endpointOf(options), PAGE);
      const text = `${JSON.stringify(keys, null, 2)}\n`;
      if (file === "-") {
        process.stdout.write(text);
      } else {
        await writeFile(file, text);
      }
    });
}

function rotateCommand(): Command {
  return new Command("rotate")
    .description("sign with new keys from now on; the old ones stay listed")
    .addOption(option("--key-region <name>", "the region whose key is replaced; default: all that have one"))
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (options: EndpointOptions & { readonly keyRegion?: string }) => {
      const query =
        options.keyRegion === undefined ? "" : `?${new URLSearchParams({ region: options.keyRegion })}`;
      const made = await postJson<ExportedKeys>(endpointOf(options), `${PAGE}/rotate${query}`, {});
      process.stdout.write(formatKeys(made));
    });
}

function formatKeys({ PublicKeyList: keys }: ExportedKeys): string {
  const rows = keys.map((key) => [key.Region, key.Fingerprint, key.ValidityStartTime, key.ValidityEndTime]);
  return rows.length === 0
    ? "No keys: the first digest file of a region makes its key.\n"
    : `${formatTable(["region", "fingerprint", "valid from", "until"], rows)}\n`;
}

function endpointOf({ endpoint, region }: EndpointOptions): Endpoint {
  return { url: endpoint, region, keys: signingKeysFrom(process.env) };
}
