import { optional } from "../../commands/optional.js";
import { eventKeys } from "../../filters/event-filter.js";
import { makeFilter } from "../../filters/filters.js";
import { type DockerEvent, dockerEvent } from "../../presenters/docker-event.js";
import { pour } from "../http/pour.js";
import { filterWords } from "../requests/filter-words.js";
import type { Call, Route } from "../router.js";

export const eventRoutes: readonly Route[] = [{ method: "GET", path: "/events", handler: events, waits: true }];

async function events({ exchange, tsd }: Call): Promise<void> {
  const { query, left } = exchange;
  const matches = makeFilter(filterWords(query.filters()), eventKeys, undefined);
  const [since, until] = [query.time("since"), query.time("until")];
  const changes = tsd.system.events({ ...optional("since", since), ...optional("until", until), signal: left });
  async function* lines(): AsyncGenerator<string> {
    for await (const change of changes) {
      const event = dockerEvent(change);
      if (event !== undefined && matches(event)) yield `${JSON.stringify({ ...older(event), ...event })}\n`;
    }
  }
  await pour(lines(), exchange.stream("application/json"), left);
}

/** The names that these fields had before 1.22, which clients read to this day. */
function older({ Type, Action, Actor: { ID, Attributes } }: DockerEvent): Readonly<Record<string, string>> {
  if (Type === "image") return { status: Action, id: ID };
  return Type === "container" ? { status: Action, id: ID, from: Attributes.image ?? "" } : {};
}
