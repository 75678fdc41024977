import { describe, expect, test } from "@jest/globals";
import { networkSpec } from "../../../../src/adapters/docker/network-spec.js";
import { parseBody } from "../../../../src/adapters/docker/parse-body.js";
import { portWords } from "../../../../src/adapters/docker/port-words.js";
import {
  readEndpointRequest,
  readNetworkRequest,
  readPortMappings,
  readSandbox,
} from "../../../../src/adapters/docker/requests.js";
import { recorded } from "./recorded.js";

const body = (value: unknown) => parseBody(JSON.stringify(value));

test("a network of docker's becomes one of tsd's", () => {
  const request = readNetworkRequest(body(recorded.CreateNetwork));
  expect(networkSpec(request, "bridge")).toEqual({
    name: "docker-3c9ded9eb151",
    driver: "bridge",
    subnets: ["10.77.0.0/24", "fd00:78::/64"],
    gateways: ["10.77.0.1", "fd00:78::1"],
    auxiliary: { foo: "10.77.0.5" },
    ipv4: true,
    ipv6: true,
    internal: false,
    labels: { "com.docker.network.id": recorded.CreateNetwork.NetworkID },
    managedBy: "docker",
    opensChains: true,
    options: { myopt: "1" },
  });
});

test("what docker leaves out, or writes as null or as an empty list, is absent", () => {
  const { NetworkID } = recorded.CreateNetwork;
  const least = { id: NetworkID, pools: [], internal: false, options: {} };
  expect(readNetworkRequest(body({ NetworkID }))).toEqual(least);
  expect(readNetworkRequest(body({ NetworkID, Options: null, IPv4Data: null, IPv6Data: [] }))).toEqual(least);
  expect(readEndpointRequest(body({ ...recorded.ref, Interface: null, Options: null }))).toMatchObject({ options: {} });
  expect(readSandbox(body({ SandboxKey: "" }))).toBeUndefined();
  expect(readPortMappings(body({}))).toEqual([]);
});

test("an endpoint keeps what docker chose for it, and options for the driver alone", () => {
  expect(readEndpointRequest(body(recorded.CreateEndpoint))).toEqual({
    networkId: recorded.ref.NetworkID,
    endpointId: recorded.ref.EndpointID,
    address: "10.77.0.10/24",
    mac: "02:42:81:42:fd:a4",
    options: { k: "v" },
  });
});

test.each([
  [{ Proto: 6, Port: 80, HostPort: 8080, HostPortEnd: 8080 }, "8080:80/tcp"],
  [{ Proto: 17, Port: 53, HostIP: "127.0.0.1", HostPort: 5353 }, "127.0.0.1:5353:53/udp"],
  [{ Proto: 132, Port: 9, HostIP: "::1", HostPort: 9 }, "[::1]:9:9/sctp"],
  [{ Proto: 6, Port: 80, HostPort: 0, HostPortEnd: 0 }, "80/tcp"],
  [{ Proto: 6, Port: 80, HostIP: "127.0.0.1", HostPort: 0 }, "127.0.0.1::80/tcp"],
  [{ Proto: 6, Port: 80, HostPort: 8000, HostPortEnd: 8010 }, "8000-8010:80/tcp"],
])("%j is published as %s", (mapping, words) => {
  const options = { "com.docker.network.portmap": [mapping] };
  expect(readPortMappings(body({ Options: options })).map(portWords)).toEqual([words]);
});

describe("a request that says something else is refused with the place and the value", () => {
  const { NetworkID } = recorded.CreateNetwork;
  test.each([
    [{}, /^request\.NetworkID is not a string: missing$/],
    [{ NetworkID: "../../etc" }, /^request\.NetworkID is not an id of 64 hexadecimal digits: "..\/..\/etc"$/],
    [[], /^request is not an object: a list$/],
    [{ NetworkID, IPv4Data: {} }, /^request\.IPv4Data is not a list: an object$/],
    [
      { NetworkID, IPv4Data: [{ Pool: "x" }] },
      /^request\.IPv4Data\[0\]\.Pool is not an address with a prefix length: "x"$/,
    ],
    [
      { NetworkID, Options: { "com.docker.network.generic": { a: 1 } } },
      /^request\.Options\.com\.docker\.network\.generic\.a is not a string: 1$/,
    ],
  ])("%j", (value, message) => {
    expect(() => readNetworkRequest(body(value))).toThrow(message);
  });

  test("no JSON", () => {
    expect(() => parseBody("{")).toThrow(/^request is not JSON \(/);
  });

  test("a network without addresses, and a protocol without ports", () => {
    const without = { NetworkID, IPv4Data: [{ Pool: "0.0.0.0/0" }] };
    expect(() => networkSpec(readNetworkRequest(body(without)), "bridge")).toThrow(/no addresses/);
    const mapping = { protocol: 47, port: 1, hostAddress: "", hostPort: 0, hostPortEnd: 0 };
    expect(() => portWords(mapping)).toThrow("protocol 47 of port 1 is none of tcp, udp, sctp");
  });
});
