import type { ContainerSpec, NetworkAttachment } from "../../api/index.js";
import type { ContainerRequests, ContainerRow, LinkRequest, PortRequest } from "../../contracts/index.js";
import { parseAddedHost } from "./added-hosts.js";
import { parseExposed } from "./expose-spec.js";
import { parseLink } from "./link-spec.js";
import { parseMounts, parseVolumesFrom } from "./mounts.js";
import { parsePort } from "./port-spec.js";

/** What a user asks for, and what the words in it mean. */
export interface ContainerRequest {
  readonly spec: ContainerSpec;
  readonly requests: ContainerRequests;
}

/** Parses a user's words about one container. Throws `invalid-input`. */
export function parseRequests(spec: ContainerSpec): ContainerRequests {
  const { publish = [], expose = [], volumesFrom = [], addHosts = [] } = spec;
  return {
    publish: publish.map(parsePort),
    expose: expose.map(parseExposed),
    links: parseLinks(spec),
    mounts: parseMounts(spec),
    ...(volumesFrom.length === 0 ? {} : { volumesFrom: volumesFrom.map(parseVolumesFrom) }),
    addHosts: addHosts.map(parseAddedHost),
  };
}

function parseLinks({ links = [], networks = [] }: ContainerSpec): readonly LinkRequest[] {
  return [...links.map(parseLink), ...networks.flatMap(parseLinksOn)];
}

/** Those for one network. Throws `invalid-input`. */
export function parseLinksOn({ network, links = [] }: NetworkAttachment): readonly LinkRequest[] {
  return links.map((text) => ({ ...parseLink(text), network }));
}

/** What a container asks for. A row that a tsd of schema 4 or older wrote has the words alone. */
export function requestsOf({ container, requests }: ContainerRow): ContainerRequests {
  return requests ?? parseRequests(container.spec);
}

/** A publication in its user's words, and what they mean. */
export interface Publication {
  readonly text: string;
  readonly request: PortRequest;
}

/** Parses as {@link parsePort}, and keeps the words. */
export function parsePublication(text: string): Publication {
  return { text, request: parsePort(text) };
}

export function publicationsOf(row: ContainerRow): readonly Publication[] {
  const { publish: texts = [] } = row.container.spec;
  return requestsOf(row).publish.map((request, at) => ({ text: texts[at] ?? "", request }));
}

/** The row with these publications, in words and values. */
export function withPublications(row: ContainerRow, publications: readonly Publication[]): ContainerRow {
  const publish = publications.map(({ text }) => text);
  return {
    ...row,
    requests: { ...requestsOf(row), publish: publications.map(({ request }) => request) },
    container: { ...row.container, spec: { ...row.container.spec, publish } },
  };
}

/** The row with these networks, in words and values. */
export function withNetworks(row: ContainerRow, networks: readonly NetworkAttachment[]): ContainerRow {
  const spec: ContainerSpec = { ...row.container.spec, networks };
  return {
    ...row,
    requests: { ...requestsOf(row), links: parseLinks(spec) },
    container: { ...row.container, spec },
  };
}
