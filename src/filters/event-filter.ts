import { TsdError } from "../errors/tsd-error.js";
import type { DockerEvent } from "../presenters/docker-event.js";
import { type FilterKeys, labelKeys } from "./filters.js";

const types = ["container", "network", "image", "volume"];

/** docker's filters of events. One of a container lets through what happens to it on networks, too. */
export const eventKeys: FilterKeys<DockerEvent> = {
  container:
    (value) =>
    ({ Type, Actor: { ID, Attributes } }) =>
      Type === "container"
        ? isCalled(ID, Attributes.name, value)
        : isCalled(Attributes.container, Attributes.containerName, value),
  // A command follows the word in `exec_create: sh`, and a state in `health_status: healthy`.
  event:
    (value) =>
    ({ Action }) =>
      Action === value || Action.startsWith(`${value}:`),
  image:
    (value) =>
    ({ Type, Actor: { ID, Attributes } }) =>
      Type === "image"
        ? isCalled(ID.replace(/^sha256:/, ""), Attributes.name, value) || isImage(Attributes.name, value)
        : Type === "container" && isImage(Attributes.image, value),
  ...labelKeys<DockerEvent>(({ Actor }) => Actor.Attributes),
  network:
    (value) =>
    ({ Type, Actor }) =>
      Type === "network" && isCalled(Actor.ID, Actor.Attributes.name, value),
  scope:
    (value) =>
    ({ scope }) =>
      scope === value,
  type: (value) => {
    const wanted = requireType(value);
    return ({ Type }) => Type === wanted;
  },
  volume:
    (value) =>
    ({ Type, Actor }) =>
      Type === "volume" && isCalled(Actor.ID, Actor.Attributes.name, value),
};

/** By the whole name, or the beginning of the id. */
function isCalled(id: string | undefined, name: string | undefined, value: string): boolean {
  return value !== "" && (name === value || id?.startsWith(value) === true);
}

/** With its tag or without. */
function isImage(name: string | undefined, value: string): boolean {
  const untagged = (text: string): string => text.replace(/:[^:/]*$/, "");
  const hasTag = value.lastIndexOf(":") > value.lastIndexOf("/");
  return name === value || (name !== undefined && !hasTag && untagged(name) === value);
}

function requireType(value: string): string {
  if (types.includes(value)) return value;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FILTER_INVALID",
    message: `there are no events of type "${value}"`,
    hint: `Write one of ${types.join(", ")}.`,
    details: { filter: `type=${value}`, known: types },
  });
}
