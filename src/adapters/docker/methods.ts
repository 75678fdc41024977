import type { Field } from "../../contracts/json-field.js";
import type { DockerNetworks } from "./docker-networks.js";
import {
  readEndpointRef,
  readEndpointRequest,
  readNetworkId,
  readNetworkRequest,
  readPortMappings,
  readSandbox,
} from "./requests.js";

/** What one call needs of tsd: its networks, and the driver that new ones get. */
interface Serving {
  readonly networks: DockerNetworks;
  readonly driver: string;
}

/** Reads its request before it does anything, and returns what to reply. */
type Method = (body: Field) => (serving: Serving) => Promise<object>;

/** Those that need nothing of tsd. */
export const constants: Readonly<Record<string, object>> = {
  "Plugin.Activate": { Implements: ["NetworkDriver"] },
  "NetworkDriver.GetCapabilities": { Scope: "local", ConnectivityScope: "local" },
  "NetworkDriver.EndpointOperInfo": { Value: {} },
  "NetworkDriver.DiscoverNew": {},
  "NetworkDriver.DiscoverDelete": {},
};

/** docker's remote protocol; see "Remote drivers" of its documentation. Those that only a swarm calls are missing. */
export const methods: Readonly<Record<string, Method>> = {
  "NetworkDriver.CreateNetwork": (body) => {
    const request = readNetworkRequest(body);
    return ({ networks, driver }) => networks.create(request, driver).then(() => ({}));
  },
  "NetworkDriver.DeleteNetwork": (body) => {
    const id = readNetworkId(body);
    return ({ networks }) => networks.remove(id).then(() => ({}));
  },
  "NetworkDriver.CreateEndpoint": (body) => {
    const request = readEndpointRequest(body);
    return async ({ networks }) => ({ Interface: await networks.createEndpoint(request) });
  },
  "NetworkDriver.DeleteEndpoint": (body) => {
    const ref = readEndpointRef(body);
    return ({ networks }) => networks.removeEndpoint(ref).then(() => ({}));
  },
  "NetworkDriver.Join": (body) => {
    const ref = readEndpointRef(body);
    const sandbox = readSandbox(body);
    return ({ networks }) => networks.join(ref, sandbox);
  },
  "NetworkDriver.Leave": (body) => {
    const ref = readEndpointRef(body);
    return ({ networks }) => networks.unpublish(ref).then(() => ({}));
  },
  "NetworkDriver.ProgramExternalConnectivity": (body) => {
    const ref = readEndpointRef(body);
    const ports = readPortMappings(body);
    return ({ networks }) => networks.publish(ref, ports).then(() => ({}));
  },
  "NetworkDriver.RevokeExternalConnectivity": (body) => {
    const ref = readEndpointRef(body);
    return ({ networks }) => networks.unpublish(ref).then(() => ({}));
  },
};
