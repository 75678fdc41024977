import { pathStat } from "../../presenters/path-stat.js";
import { pour } from "../http/pour.js";
import { refusal } from "../http/refusal.js";
import type { Call, Route } from "../router.js";

/** Files of containers, running or not, as tars. */
export const archiveRoutes: readonly Route[] = [
  { method: "HEAD", path: "/containers/{id}/archive", handler: status },
  { method: "GET", path: "/containers/{id}/archive", handler: read },
  { method: "PUT", path: "/containers/{id}/archive", handler: write },
];

const STAT = "X-Docker-Container-Path-Stat";

function pathOf({ exchange }: Call): string {
  const path = exchange.query.text("path");
  if (path === undefined) throw refusal(400, "missing parameter: path");
  if (path.includes("\0")) throw refusal(400, "the path has a NUL in it");
  return path;
}

async function status(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  const found = await tsd.containers.statPath(param("id"), pathOf(call));
  exchange.empty(200, { [STAT]: pathStat(found) });
}

async function read(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  const { status: found, archive } = await tsd.containers.copyOut(param("id"), pathOf(call));
  await pour(archive, exchange.stream("application/x-tar", { [STAT]: pathStat(found) }), exchange.left);
}

/** A directory and something else never replace each other, whether the client asks for that (`noOverwriteDirNonDir`) or not. */
async function write(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  await tsd.containers.copyIn(param("id"), pathOf(call), exchange.upload());
  exchange.empty(200);
}
