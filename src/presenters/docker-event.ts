import type { Change } from "../api/index.js";

/** An event as docker's API has it. */
export interface DockerEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: "local";
  /** Seconds since 1970, and nanoseconds. */
  readonly time: number;
  readonly timeNano: number;
}

/** Undefined for a step of which docker reports nothing. What happens to an endpoint is an event of its network. */
export function dockerEvent({ kind, id, action, attributes = {}, time }: Change): DockerEvent | undefined {
  if (action === undefined) return undefined;
  const milliseconds = Date.parse(time);
  const { network, ...others } = attributes;
  const isEndpoint = kind === "endpoint";
  const ownId = kind === "image" ? `sha256:${id}` : id;
  return {
    Type: isEndpoint ? "network" : kind,
    Action: action,
    Actor: {
      ID: isEndpoint ? (network ?? id) : ownId,
      Attributes: isEndpoint ? others : attributes,
    },
    scope: "local",
    time: Math.floor(milliseconds / 1000),
    timeNano: milliseconds * 1e6,
  };
}
