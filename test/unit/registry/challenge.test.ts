import { expect, test } from "@jest/globals";
import { readChallenge } from "../../../src/registry/challenge.js";
import { addressesOf } from "../../../src/registry/registry-address.js";

test.each([
  [
    'Bearer realm="https://a/t",service="s",scope="x,y"',
    "bearer",
    { realm: "https://a/t", service: "s", scope: "x,y" },
  ],
  ['bearer Realm = "a\\"b" , service=plain', "bearer", { realm: 'a"b', service: "plain" }],
  ['Basic realm="it", Bearer realm="https://a/t"', "bearer", { realm: "https://a/t" }],
  ['Negotiate, Basic realm="it"', "basic", { realm: "it" }],
  ['Bearer realm="one",realm="two"', "bearer", { realm: "one" }],
])("%s", (header, scheme, parameters) => {
  const challenge = readChallenge(header);
  expect({ ...challenge, parameters: { ...challenge?.parameters } }).toEqual({ scheme, parameters });
});

test.each([undefined, "", "Negotiate", "=,=,=", `Bearer${" ".repeat(100_000)}`.slice(6)])("%j is none", (header) => {
  expect(readChallenge(header)).toBeUndefined();
});

test("a registry is asked after its mirrors, and is trusted as far as is said", () => {
  const settings = { mirrors: { "docker.io": ["http://m:80", "https://n"] }, insecure: ["r.example:5000"] };
  expect(addressesOf("docker.io", settings)).toEqual([
    { host: "m", authority: "m", isInsecure: true, scheme: "http" },
    { host: "n", authority: "n", isInsecure: false, scheme: "https" },
    { host: "docker.io", authority: "registry-1.docker.io", isInsecure: false },
  ]);
  const isInsecure = (host: string) => addressesOf(host, settings).at(-1)?.isInsecure;
  for (const host of ["r.example:5000", "localhost:5000", "127.0.0.1", "127.9.9.9:1"])
    expect(isInsecure(host)).toBe(true);
  for (const host of ["r.example", "127.0.0.1.example", "localhost.example:5000", "__proto__"])
    expect(isInsecure(host)).toBe(false);
});
