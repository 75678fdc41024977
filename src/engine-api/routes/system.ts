import { readMachine } from "../../commands/machine.js";
import { engineInfo, engineVersion } from "../../presenters/version-info.js";
import type { Call, PlainCall, Route } from "../router.js";
import { apiVersion, minApiVersion } from "../version.js";

/** What the engine says of itself. */
export const systemRoutes: readonly Route[] = [
  { method: "GET", path: "/_ping", reply: ping },
  { method: "HEAD", path: "/_ping", reply: ping },
  { method: "GET", path: "/version", handler: version },
  { method: "GET", path: "/info", handler: info },
];

const uncached = { "Cache-Control": "no-cache, no-store, must-revalidate", Pragma: "no-cache" };

function ping({ exchange }: PlainCall): void {
  exchange.text(200, "OK", uncached);
}

async function version({ exchange, tsd }: Call): Promise<void> {
  const api = { newest: apiVersion, oldest: minApiVersion };
  exchange.json(200, engineVersion(await tsd.system.info(), readMachine(), api));
}

async function info({ exchange, tsd }: Call): Promise<void> {
  exchange.json(200, engineInfo(await tsd.system.info(), readMachine(), new Date()));
}
