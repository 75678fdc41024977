import { printable } from "../errors/printable.js";
import type { DockerEvent } from "./docker-event.js";
import { parseFormat } from "./template/format-template.js";

/** `2026-01-01T00:00:00.000000000Z container start 3f2a… (image=busybox, name=web)`, as docker writes it. */
function eventLine({ Type, Action, Actor, timeNano }: DockerEvent): string {
  const time = new Date(timeNano / 1e6).toISOString().replace("Z", "000000Z");
  const attributes = Object.entries(Actor.Attributes)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const described = attributes.length === 0 ? "" : ` (${attributes.join(", ")})`;
  return `${printable(`${time} ${Type} ${Action} ${Actor.ID}${described}`)}\n`;
}

/** What prints each event: a template, `json`, or without either docker's line. */
export function eventFormat(format: string | undefined): (event: DockerEvent) => string {
  if (format === undefined) return eventLine;
  const template = parseFormat(format === "json" ? "{{json .}}" : format);
  const isJson = /^(json|\{\{\s*json \.\s*\}\})$/.test(format);
  return (event) => `${template.render(isJson ? event : templateFields(event))}\n`;
}

/** Go's names of the fields, docker's older ones among them. */
function templateFields(event: DockerEvent): Readonly<Record<string, unknown>> {
  const { Type, Action, Actor, scope, time, timeNano } = event;
  return {
    ...{ Type, Action, Actor, Scope: scope, Time: time, TimeNano: timeNano },
    Status: Action,
    ID: Actor.ID,
    From: Actor.Attributes.image ?? "",
  };
}
