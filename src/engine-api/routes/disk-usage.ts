import { engineDiskUsage, type UsageType, usageTypes } from "../../presenters/engine-disk-usage.js";
import { refusal } from "../http/refusal.js";
import type { Call, PlainCall, Route } from "../router.js";

export const diskUsageRoutes: readonly Route[] = [
  { method: "GET", path: "/system/df", handler: diskUsage },
  { method: "POST", path: "/build/prune", reply: pruneBuilds },
];

async function diskUsage({ exchange, minor, tsd }: Call): Promise<void> {
  const asked = exchange.query.texts("type").map(typeOf);
  const usage = await tsd.diskUsage();
  const details = new Map(tsd.containers.list({ all: true }).map((one) => [one.container.id, one]));
  const types = asked.length === 0 ? usageTypes : asked;
  exchange.json(200, engineDiskUsage(usage, details, { types, minor, now: Date.now() }));
}

function typeOf(text: string): UsageType {
  const type = usageTypes.find((known) => known === text);
  if (type === undefined) throw refusal(400, `unknown object type: ${text}`);
  return type;
}

/** `docker system prune` asks for it: what tsd has not built is pruned already. */
function pruneBuilds({ exchange }: PlainCall): void {
  exchange.json(200, { CachesDeleted: [], SpaceReclaimed: 0 });
}
