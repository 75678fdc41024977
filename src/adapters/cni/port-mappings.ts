import { TsdError } from "../../errors/tsd-error.js";
import type { Fields } from "./fields.js";
import { shown } from "./shown.js";

interface Mapping {
  readonly address: string;
  readonly protocol: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly count: number;
}

/**
 * The capability `portMappings` as tsd's words for ports. Runtimes write ranges port by port; here those that follow one
 * another are a range again, which costs what one port does.
 */
export function publishedPorts(runtimeConfig: Fields | undefined): readonly string[] {
  const mappings = (runtimeConfig?.objects("portMappings") ?? []).map(readMapping);
  const joined: Mapping[] = [];
  for (const mapping of mappings) {
    const last = joined.at(-1);
    if (last !== undefined && follows(last, mapping)) joined[joined.length - 1] = { ...last, count: last.count + 1 };
    else joined.push(mapping);
  }
  return joined.map(words);
}

function readMapping(fields: Fields): Mapping {
  const hostPort = fields.number("hostPort");
  const containerPort = fields.number("containerPort");
  for (const [key, port] of [
    ["hostPort", hostPort],
    ["containerPort", containerPort],
  ] as const) {
    if (port === undefined || port < 1 || port > 65535)
      throw invalidMapping(`${key} ${shown(port)} is not a port`, fields);
  }
  const address = fields.string("hostIP") ?? "";
  return {
    address: address.includes(":") ? `[${address}]` : address,
    protocol: (fields.string("protocol") || "tcp").toLowerCase(),
    hostPort: hostPort as number,
    containerPort: containerPort as number,
    count: 1,
  };
}

function follows(last: Mapping, next: Mapping): boolean {
  return (
    last.address === next.address &&
    last.protocol === next.protocol &&
    last.hostPort + last.count === next.hostPort &&
    last.containerPort + last.count === next.containerPort
  );
}

function words({ address, protocol, hostPort, containerPort, count }: Mapping): string {
  const range = (first: number): string => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);
  return `${address === "" ? "" : `${address}:`}${range(hostPort)}:${range(containerPort)}/${protocol}`;
}

function invalidMapping(what: string, fields: Fields): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_CONFIG",
    message: `runtimeConfig.portMappings: ${what} from 1 to 65535 in ${shown(fields.values)}`,
    hint: "Publish a port that exists.",
  });
}
