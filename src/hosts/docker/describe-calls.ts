import type { ResourceOf } from "../../api/index.js";
import { shellLine } from "../../kernel/shell-words.js";
import type { DockerKind } from "./docker-resources.js";
import { addressAt } from "./plugin-address.js";
import { dockerPlaces, findPlugin } from "./plugin-places.js";
import { createEndpoint, createNetwork, join, ofEndpoint, portOptions, requestedInterface } from "./requests.js";

type DockerResource = ResourceOf<DockerKind>;

/** The calls as those of curl(1), and what is done between them by ip(8), for the link that the plug-in names. */
export function describeCalls(
  verb: "ensure" | "remove",
  resource: DockerResource,
  list: readonly DockerResource[],
): readonly string[] {
  const call = (method: string, body: object): string => curl(resource.plugin, method, body);
  switch (resource.kind) {
    case "docker-network":
      return verb === "ensure"
        ? [call("CreateNetwork", createNetwork(resource))]
        : [call("DeleteNetwork", { NetworkID: resource.id })];
    case "docker-connectivity":
      return verb === "ensure"
        ? [call("ProgramExternalConnectivity", { ...ofEndpoint(resource), Options: portOptions(resource.ports) })]
        : [call("RevokeExternalConnectivity", ofEndpoint(resource))];
    case "docker-endpoint": {
      if (verb === "remove") return [call("Leave", ofEndpoint(resource)), call("DeleteEndpoint", ofEndpoint(resource))];
      const opened = list.find((one) => one.kind === "docker-connectivity" && one.id === resource.id);
      const ports = opened?.kind === "docker-connectivity" ? opened.ports : [];
      return [
        call("CreateEndpoint", createEndpoint(resource, ports, requestedInterface(resource, resource.mac))),
        call("Join", join(resource, ports)),
        `ip link set "$SrcName" netns ${shellLine([resource.netns])}`,
      ];
    }
  }
}

function curl(plugin: string, method: string, body: object): string {
  const verb = `NetworkDriver.${method}`;
  const place = findPlugin(plugin);
  const usual = { path: `${dockerPlaces.sockets}/${plugin}.sock`, form: "socket" } as const;
  const { isSecure, options } = addressAt(place ?? usual, { plugin, verb });
  const { socketPath, headers = {} } = options;
  const url = `${isSecure ? "https" : "http"}://${"Host" in headers ? headers.Host : ""}/${verb}`;
  const socket = typeof socketPath === "string" ? ["--unix-socket", socketPath] : [];
  return shellLine(["curl", ...socket, "-d", JSON.stringify(body), url]);
}
