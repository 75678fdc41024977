import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { CredentialSource } from "../../../src/registry/credentials.js";
import { Registry } from "../../../src/registry/registry.js";
import { type Handler, UntrustedRegistry } from "../../support/registry/untrusted-registry.js";

const directory = mkdtempSync(join(tmpdir(), "registry-login-"));
const certificates = join(directory, "certs.d");
const config = join(directory, "config.json");
const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;
const path = "/v2/team/app/manifests/1";
let secure: UntrustedRegistry;
let other: UntrustedRegistry;
let plain: UntrustedRegistry;

beforeAll(async () => {
  execFileSync("ip", ["link", "set", "lo", "up"]);
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", ...curve, "-keyout", key, "-out", cert, ...names], { stdio: "ignore" });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  [secure, other, plain] = await Promise.all([
    UntrustedRegistry.start(tls),
    UntrustedRegistry.start(tls),
    UntrustedRegistry.start(),
  ]);
  for (const { host } of [secure, other]) {
    mkdirSync(join(certificates, host), { recursive: true });
    writeFileSync(join(certificates, host, "ca.crt"), tls.cert);
  }
  for (const registry of [secure, plain]) registry.add("manifests", Buffer.from("{}"), "application/json", "1");
  const auths = Object.fromEntries([secure, plain].map(({ host }) => [host, { auth: basic.slice("Basic ".length) }]));
  writeFileSync(config, JSON.stringify({ auths }));
});
afterAll(async () => {
  await Promise.all([secure, other, plain].map((registry) => registry.stop()));
  rmSync(directory, { recursive: true });
});
afterEach(() => {
  for (const registry of [secure, other, plain]) {
    registry.overrides.clear();
    registry.asked.length = 0;
  }
});

/** Reads the manifest as from a registry on another machine, which nothing is forgiven. */
function read(registry: UntrustedRegistry, credentials = config, trusted = certificates, isInsecure = false) {
  return readWith({ path: credentials, environment: {} }, registry, trusted, isInsecure);
}

async function readWith(
  credentials: CredentialSource,
  { host }: UntrustedRegistry,
  trusted = certificates,
  isInsecure = false,
) {
  const options = { credentials, userAgent: "tsd", certificates: [trusted] };
  using registry = await Registry.open({ host, authority: host, isInsecure }, "team/app", options);
  return (await registry.document("manifests/1", "*/*", 1000)).bytes.toString();
}

function passwords({ asked }: UntrustedRegistry): readonly (string | undefined)[] {
  return asked.map(({ authorization }) => authorization);
}

/** Serves what it holds to who has that authorization, and challenges all others. */
function guarded(registry: UntrustedRegistry, authorization: string, challenge: string): void {
  const guard: Handler = (request, response) => {
    if (request.headers.authorization === authorization) registry.send(request, response);
    else response.writeHead(401, { "www-authenticate": challenge }).end();
  };
  for (const guardedPath of ["/v2/", path]) registry.overrides.set(guardedPath, guard);
}

test("a token is asked for with the password, and the registry gets the token alone", async () => {
  let scope: string | null | undefined;
  other.overrides.set("/token", (request: IncomingMessage, response) => {
    scope = new URL(request.url ?? "", "https://x").searchParams.get("scope");
    response.end(JSON.stringify({ token: "t0ken" }));
  });
  guarded(secure, "Bearer t0ken", `Bearer realm="https://${other.host}/token",service="it",scope="wrong"`);
  expect(await read(secure)).toBe("{}");
  expect(scope).toBe("repository:team/app:pull");
  expect(passwords(other)).toEqual([basic]);
  expect(passwords(secure)).toEqual([undefined, "Bearer t0ken"]);
});

test("a password goes to the registry that asks for it, and not where that leads", async () => {
  guarded(secure, basic, 'Basic realm="it"');
  secure.overrides.set(path, (_, response) => response.writeHead(307, { location: `https://${other.host}/x` }).end());
  other.overrides.set("/x", (_, response) => response.end("{}"));
  expect(await read(secure)).toBe("{}");
  expect(passwords(other)).toEqual([undefined]);

  // Nor does a challenge from there change that, nor a redirect of the place that gives tokens.
  other.overrides.set("/x", (_, response) => response.writeHead(401, { "www-authenticate": "Basic" }).end());
  await expect(read(secure)).rejects.toMatchObject({ code: "TSD_REGISTRY_DENIED" });
  guarded(secure, "Bearer t", `Bearer realm="https://${secure.host}/token"`);
  secure.overrides.set("/token", (_, response) =>
    response.writeHead(302, { location: `https://${other.host}/x` }).end(),
  );
  await expect(read(secure)).rejects.toMatchObject({ message: expect.stringMatching(/HTTP 302$/) });
  expect(passwords(other).every((word) => word === undefined)).toBe(true);
});

test("credentials that a user gave go to their own registry alone, and stand in the place of docker's file", async () => {
  const given = { host: secure.host, user: "me", password: "secret" };
  for (const registry of [secure, other]) guarded(registry, basic, 'Basic realm="it"');
  expect(await readWith({ environment: {}, given }, secure)).toBe("{}");
  await expect(readWith({ environment: {}, given }, other)).rejects.toMatchObject({ code: "TSD_REGISTRY_DENIED" });
  await expect(readWith({ environment: {} }, secure)).rejects.toMatchObject({ code: "TSD_REGISTRY_DENIED" });
  expect(passwords(other).every((word) => word === undefined)).toBe(true);
  const wrong = { path: config, environment: {}, given: { ...given, password: "wrong" } };
  await expect(readWith(wrong, secure)).rejects.toMatchObject({ code: "TSD_REGISTRY_DENIED" });
});

test("nothing goes without encryption", async () => {
  secure.overrides.set(path, (_, response) => response.writeHead(302, { location: `http://${plain.host}/x` }).end());
  await expect(read(secure)).rejects.toMatchObject({ message: expect.stringMatching(/which is not encrypted$/) });
  guarded(secure, "Bearer t", `Bearer realm="http://${plain.host}/token"`);
  await expect(read(secure)).rejects.toMatchObject({ message: expect.stringMatching(/which is not encrypted$/) });
  expect(plain.asked).toEqual([]);
  await expect(read(plain)).rejects.toMatchObject({ code: "TSD_REGISTRY_UNREACHABLE" });
  guarded(plain, basic, "Basic");
  await expect(read(plain, config, certificates, true)).rejects.toMatchObject({ code: "TSD_REGISTRY_UNENCRYPTED" });
  guarded(plain, "Bearer t", `Bearer realm="http://${plain.host}/token"`);
  await expect(read(plain, config, certificates, true)).rejects.toMatchObject({ code: "TSD_REGISTRY_UNENCRYPTED" });
  expect(passwords(plain).every((word) => word === undefined)).toBe(true);
});

test("a certificate of an unknown authority is refused, unless the registry is insecure", async () => {
  await expect(read(secure, config, directory)).rejects.toMatchObject({ code: "TSD_REGISTRY_UNREACHABLE" });
  expect(await read(secure, config, directory, true)).toBe("{}");
});

test.each([
  ["no credentials", "{}", "TSD_REGISTRY_DENIED"],
  ["no JSON", "{", "TSD_REGISTRY_CREDENTIALS_INVALID"],
  ["a password that is none", "AUTH bm8=", "TSD_REGISTRY_CREDENTIALS_INVALID"],
  ["a helper that is not there", '{"credsStore":"nowhere"}', "TSD_REGISTRY_CREDENTIAL_HELPER"],
  ["a helper that is a path", '{"credsStore":"../../bin/sh"}', "TSD_REGISTRY_CREDENTIAL_HELPER"],
])("docker's file with %s is refused in words", async (_what, text, code) => {
  const file = join(directory, "other.json");
  const [word, auth] = text.split(" ");
  writeFileSync(file, word === "AUTH" ? JSON.stringify({ auths: { [secure.host]: { auth } } }) : text);
  guarded(secure, basic, "Basic");
  await expect(read(secure, file)).rejects.toMatchObject({ code });
});
