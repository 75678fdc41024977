import type { Field } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { makeFilter } from "../../filters/filters.js";
import { networkFilters } from "../../filters/network-filters.js";
import { pruneFilter } from "../../filters/prune-filters.js";
import { networkInspect } from "../../presenters/network-inspect.js";
import { refusal } from "../http/refusal.js";
import { endpointConfig } from "../requests/endpoint-config.js";
import { flagOf, objectOf, textOf } from "../requests/fields.js";
import { filterWords } from "../requests/filter-words.js";
import { networkSpec } from "../requests/network-spec.js";
import type { Call, Route } from "../router.js";

export const networkRoutes: readonly Route[] = [
  { method: "GET", path: "/networks", handler: list },
  { method: "POST", path: "/networks/create", handler: create },
  { method: "POST", path: "/networks/prune", handler: prune },
  { method: "GET", path: "/networks/{id}", handler: inspect },
  { method: "DELETE", path: "/networks/{id}", handler: remove },
  { method: "POST", path: "/networks/{id}/connect", handler: connect },
  { method: "POST", path: "/networks/{id}/disconnect", handler: disconnect },
];

/** docker's list has no containers. */
function list({ exchange, tsd }: Call): void {
  const matches = makeFilter(filterWords(exchange.query.filters()), networkFilters, tsd);
  const shown = tsd.networks.list().filter(matches);
  exchange.json(
    200,
    shown.map((network) => networkInspect({ network, hasResolver: false, endpoints: [] })),
  );
}

/** docker's default network is there before any container. Clients look here for its gateway. */
async function inspect({ exchange, param, tsd: { networks } }: Call): Promise<void> {
  await networks.prepare(param("id"));
  exchange.json(200, networkInspect(await networks.overview(param("id"))));
}

async function create({ exchange, tsd }: Call): Promise<void> {
  const { id } = await tsd.networks.create(networkSpec(await exchange.body()));
  exchange.json(201, { Id: id, Warning: "" });
}

async function remove({ exchange, param, tsd }: Call): Promise<void> {
  await tsd.networks.remove(param("id"));
  exchange.empty(204);
}

async function prune({ exchange, tsd }: Call): Promise<void> {
  const only = pruneFilter(filterWords(exchange.query.filters()), Date.now());
  const removed = await tsd.networks.prune({ only });
  exchange.json(200, { NetworksDeleted: removed.map(({ name }) => name) });
}

async function connect(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  const body = await exchange.body();
  const { name: network } = tsd.networks.inspect(param("id")).network;
  await tsd.networks.connect(containerOf(call, body), { ...endpointConfig(objectOf(body, "EndpointConfig")), network });
  exchange.empty(200);
}

async function disconnect(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  const body = await exchange.body();
  const { name: network } = tsd.networks.inspect(param("id")).network;
  const force = flagOf(body, "Force");
  try {
    await tsd.networks.disconnect(containerOf(call, body), network, { force });
  } catch (error) {
    if (!force || !TsdError.is(error, "not-found")) throw error;
  }
  exchange.empty(200);
}

/** The id of the container that a body names: `pid:1` and its like, which tsd's commands accept, are none of docker's. */
function containerOf({ tsd }: Call, body: Field): string {
  const ref = textOf(body, "Container");
  if (ref === undefined) throw refusal(400, "Container is missing: the container to connect or disconnect");
  return tsd.containers.inspect(ref).container.id;
}
