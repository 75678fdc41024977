import { describe, expect, test } from "@jest/globals";
import type { ContainerSpec } from "../../../../src/api/index.js";
import type { ContainerRequests } from "../../../../src/contracts/index.js";
import {
  parsePublication,
  parseRequests,
  publicationsOf,
  requestsOf,
  withPublications,
} from "../../../../src/engine/requests/container-requests.js";
import { containerRow } from "../../store/support/rows.js";
import { failureOf } from "../../store/support/temporary-store.js";

const spec: ContainerSpec = {
  publish: ["127.0.0.1:8080:80"],
  expose: ["7000-7001/UDP"],
  links: ["db:data", "cache"],
  volumes: ["/srv:/data/./x:ro"],
  addHosts: ["out=[2001:db8::1]", "gate:host-gateway"],
};

const values: ContainerRequests = {
  publish: [{ protocol: "tcp", hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80, count: 1 }],
  expose: [{ protocol: "udp", port: 7000, count: 2 }],
  links: [
    { ref: "db", alias: "data" },
    { ref: "cache", alias: "cache" },
  ],
  mounts: [{ type: "bind", source: "/srv", target: "/data/x", readOnly: true, createSource: true }],
  addHosts: [
    { text: "out=[2001:db8::1]", name: "out", address: "2001:db8::1" },
    { text: "gate:host-gateway", name: "gate" },
  ],
};

/** As a tsd of schema 4 wrote it. */
const { requests: _requests, ...plain } = containerRow("c", "web");
const older = { ...plain, container: { ...plain.container, spec } };

describe("what a container asks for", () => {
  test("is read of its words", () => {
    expect(parseRequests(spec)).toEqual(values);
    expect(parseRequests({})).toEqual({ publish: [], expose: [], links: [], mounts: [], addHosts: [] });
  });

  test.each<[ContainerSpec, string]>([
    [{ publish: ["80:"] }, "TSD_PORT_INVALID"],
    [{ expose: ["80:80"] }, "TSD_EXPOSE_INVALID"],
    [{ links: [":x"] }, "TSD_LINK_INVALID"],
    [{ volumes: ["a:/b"] }, "TSD_VOLUME_INVALID"],
    [{ volumes: ["/a:/b", "/c:/b/"] }, "TSD_VOLUME_TARGET_TWICE"],
    [{ addHosts: ["x:y"] }, "TSD_ADD_HOST_INVALID"],
  ])("is refused in %j: %s", (words, code) =>
    expect(failureOf(() => parseRequests(words))).toMatchObject({ kind: "invalid-input", code }),
  );

  test("is what its row says, and of an older row what the words say", () => {
    expect(requestsOf(older)).toEqual(values);
    const other = { ...values, links: [] };
    expect(requestsOf({ ...older, requests: other })).toBe(other);
  });

  test("changes in words and values alike", () => {
    const added = parsePublication("53/udp");
    const row = withPublications(older, [...publicationsOf(older), added]);
    expect(row.container.spec).toEqual({ ...spec, publish: ["127.0.0.1:8080:80", "53/udp"] });
    expect(row.requests).toEqual({ ...values, publish: [...values.publish, added.request] });
    expect(publicationsOf(withPublications(row, [added]))).toEqual([added]);
  });
});
