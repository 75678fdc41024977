import { mkdirSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { findPlugin, foundPlugins } from "../../../../src/hosts/docker/plugin-places.js";
import { PluginServer } from "../../../support/docker/plug-in-server.js";

const activated = '{"Implements":["NetworkDriver","IpamDriver"]}';

/** Activates properly, and then does `misdeed`. */
const then =
  (misdeed: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url === "/Plugin.Activate") response.end(activated);
    else misdeed(request, response);
  };
const says = (status: number, body: string): RequestListener =>
  then((_, response) => response.writeHead(status).end(body));

describe("a plug-in that is called", () => {
  test("gets requests as dockerd writes them, once each, and may reply null", async () => {
    await using server = await PluginServer.open(says(200, "null"));
    const client = server.client();
    expect(await client.must("NetworkDriver.Leave", { NetworkID: "n" })).toEqual({});
    expect(await client.must("IpamDriver.GetCapabilities")).toEqual({});
    expect(server.heads).toHaveLength(3);
    expect(server.heads[1]).toEqual({
      host: "plugin.moby.localhost",
      accept: "application/vnd.docker.plugins.v1.2+json",
      "content-length": "18",
      connection: "close",
    });
  });

  const misdeeds: readonly (readonly [what: string, listener: RequestListener, said: string])[] = [
    ["an error", says(200, '{"Err":"no"}'), 'refused NetworkDriver.Join: "no"'],
    ["an error in lower case", says(200, '{"err":"no"}'), 'refused NetworkDriver.Join: "no"'],
    ["an error that is no text", says(200, '{"Err":{"a":1}}'), 'refused NetworkDriver.Join: "{"a":1}"'],
    ["another status with an error", says(500, '{"Err":"no"}'), 'refused NetworkDriver.Join: "no (HTTP status 500)"'],
    ["another status", says(404, ""), 'refused NetworkDriver.Join: "(HTTP status 404)"'],
    ["a redirect", says(302, "elsewhere"), 'refused NetworkDriver.Join: "elsewhere (HTTP status 302)"'],
    ["terminal sequences", says(200, '{"Err":"\\u001b]0;x\\u0007"}'), 'refused NetworkDriver.Join: "\\x1b]0;x\\x07"'],
    ["garbage", says(200, "<html>"), "failed NetworkDriver.Join: it replied with something else than a JSON object"],
    ["a list", says(200, "[]"), "failed NetworkDriver.Join: it replied with something else than a JSON object"],
    ["nothing", says(200, ""), "failed NetworkDriver.Join: it replied nothing"],
    ["50 MB", says(200, " ".repeat(50e6)), "failed NetworkDriver.Join: it replied with more than 1 MiB"],
    [
      "half a reply",
      then((_, response) => response.socket?.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")),
      "failed NetworkDriver.Join: it closed the connection before it had replied",
    ],
    [
      "no reply and closes",
      then((_, response) => response.socket?.destroy()),
      "failed NetworkDriver.Join: it closed the connection before it had replied",
    ],
    [
      "something else than HTTP",
      then((_, response) => response.socket?.end("SSH-2.0-x\r\n")),
      "failed NetworkDriver.Join: it replied with something else than HTTP",
    ],
    ["nothing for ever", then(() => undefined), "failed NetworkDriver.Join: it did not reply within 0.3 seconds"],
  ];
  test.each(misdeeds)("and says %s", async (_, listener, said) => {
    await using server = await PluginServer.open(listener);
    const reply = said.includes("0.3 seconds") ? 300 : 30_000;
    const joining = server.client({ reply, pauses: [], afterFailure: reply }).must("NetworkDriver.Join", {});
    await expect(joining).rejects.toMatchObject({ kind: "plugin", message: `docker plug-in "p" ${said}` });
  });

  test.each([
    ['{"Implements":["VolumeDriver"]}', "it implements VolumeDriver, and not NetworkDriver", "for networks."],
    ["{}", "it implements nothing, and not NetworkDriver", "for networks."],
    ['{"Implements":"NetworkDriver"}', "Implements is no list", "Report this to"],
  ])("and activates with %s", async (body, said, hint) => {
    await using server = await PluginServer.open((_, response) => response.end(body));
    await expect(server.client().must("NetworkDriver.Join", {})).rejects.toMatchObject({
      message: expect.stringContaining(`failed Plugin.Activate: ${said}`),
      hint: expect.stringContaining(hint),
    });
  });

  test("is waited for while it starts again, and a long time no more once it has failed", async () => {
    await using server = await PluginServer.open(says(200, "{}"));
    const client = server.client({ reply: 2000, pauses: [50, 5000], afterFailure: 500 });
    await server.close();
    const calling = client.must("NetworkDriver.Leave", {});
    await server.listen();
    expect(await calling).toEqual({});
    await server.close();
    const impatient = server.client({ reply: 2000, pauses: [1], afterFailure: 500 });
    for (const _ of [1, 2])
      await expect(impatient.call("NetworkDriver.Leave", {})).rejects.toMatchObject({ code: "TSD_DOCKER_UNREACHABLE" });
    await server.listen();
  });
});

describe("a plug-in is found", () => {
  test.each([
    ["p.spec", (port: number) => `tcp://127.0.0.1:${port}\n`],
    ["p/p.spec", (port: number) => `http://127.0.0.1:${port}`],
    ["p.json", (port: number) => JSON.stringify({ Name: "p", Addr: `tcp://localhost:${port}` })],
  ])("by the address in %s", async (file, content) => {
    await using server = await PluginServer.open(says(200, "{}"));
    await server.close();
    await server.listen(0);
    mkdirSync(`${server.directory}/etc/p`);
    writeFileSync(`${server.directory}/etc/${file}`, content(server.port));
    expect(foundPlugins(server.places)).toEqual(["p"]);
    expect(await server.client().must("NetworkDriver.Leave", {})).toEqual({});
  });

  test.each([
    ["p.spec", "127.0.0.1:80", "it must be unix:///PATH, tcp://HOST:PORT, http://HOST:PORT or https://HOST:PORT"],
    ["p.spec", "file:///etc/passwd", "it must be unix:///PATH"],
    ["p.spec", "x".repeat(70_000), "it has more than 64 KiB"],
    ["p.json", "[]", "it is no JSON object"],
    ["p.json", '{"Addr":7}', "Addr is no text"],
    ["p.json", "{", "JSON"],
    ["p.json", '{"Addr":"https://h:1","TLSConfig":{"CAFile":"/nowhere"}}', "no such file"],
  ])("but %s cannot hold %.30s", async (file, content, said) => {
    await using server = await PluginServer.open(says(200, "{}"));
    await server.close();
    writeFileSync(`${server.directory}/etc/${file}`, content);
    const calling = server.client().must("NetworkDriver.Leave", {});
    await expect(calling).rejects.toMatchObject({
      kind: "plugin",
      message: expect.stringContaining(said),
      hint: `Correct ${server.directory}/etc/${file}, or remove it.`,
    });
    await server.listen();
  });

  test("by its socket first, not by a file in its place, and by no name that leads elsewhere", async () => {
    await using server = await PluginServer.open(says(200, "{}"));
    writeFileSync(`${server.directory}/etc/p.spec`, "");
    writeFileSync(`${server.directory}/run/q.sock`, "");
    expect(findPlugin("p", server.places)).toEqual({ path: `${server.directory}/run/p.sock`, form: "socket" });
    expect(foundPlugins(server.places)).toEqual(["p"]);
    for (const name of ["q", "../run/p", "", "..", "p/p"]) expect(findPlugin(name, server.places)).toBeUndefined();
  });
});
