import { expect, test } from "@jest/globals";
import { requestedPorts } from "../../../src/presenters/requested-ports.js";

test.each([
  ["80", { "80/tcp": [{ HostIp: "", HostPort: "" }] }],
  ["8080:80", { "80/tcp": [{ HostIp: "", HostPort: "8080" }] }],
  ["127.0.0.1:8080:80/udp", { "80/udp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] }],
  ["[::1]::80/TCP", { "80/tcp": [{ HostIp: "::1", HostPort: "" }] }],
  ["9000-9001:80-81", { "80/tcp": [{ HostIp: "", HostPort: "9000" }], "81/tcp": [{ HostIp: "", HostPort: "9001" }] }],
  ["9000-9001:80", { "80/tcp": [{ HostIp: "", HostPort: "9000-9001" }] }],
  ["published=8080,target=80,protocol=udp", { "80/udp": [{ HostIp: "", HostPort: "8080" }] }],
])("%s as docker's PortBindings", (text, map) => {
  expect(requestedPorts({ publish: [text] })).toEqual(map);
});

test("a port that is published twice has both", () => {
  expect(requestedPorts({ publish: ["8080:80", "8081:80"] })["80/tcp"]).toHaveLength(2);
});
