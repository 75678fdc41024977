import { request } from "node:http";
import { IMAGE } from "./tool.ts";

type Json = Readonly<Record<string, unknown>>;

/** What testcontainers execs in a container, at once, to see whether its port is open. */
const LOOKS = ["cat /proc/net/tcp", "true", "echo open"];

/**
 * Starts a container with a published port as testcontainers does, by docker's API, and waits as it waits. Returns milliseconds; removes
 * the container, untimed.
 */
export async function startAsTestcontainers(socket: string): Promise<number> {
  const ask = asker(socket);
  const begun = performance.now();
  await ask("GET", `/images/${IMAGE}/json`);
  const { Id } = await ask("POST", "/containers/create", {
    Image: IMAGE,
    Cmd: ["sleep", "600"],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "0" }] } },
  });
  await ask("POST", `/containers/${Id}/start`);
  await ask("GET", `/containers/${Id}/json`);
  const look = async (line: string): Promise<void> => {
    const { Id: exec } = await ask("POST", `/containers/${Id}/exec`, { Cmd: ["sh", "-c", line], AttachStdout: true });
    await ask("POST", `/exec/${exec}/start`, { Detach: false });
    const { ExitCode } = await ask("GET", `/exec/${exec}/json`);
    if (ExitCode !== 0) throw new Error(`exec: ${line} exited with ${ExitCode}`);
  };
  await Promise.all(LOOKS.map(look));
  const took = performance.now() - begun;
  await ask("DELETE", `/containers/${Id}?force=1&v=1`);
  return took;
}

/** Sends requests one by one, each on a connection of its own, and reads their replies; throws for what is refused. */
function asker(socketPath: string): (method: string, path: string, body?: Json) => Promise<Json> {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
        const isJson = response.headers["content-type"] === "application/json";
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.once("end", () => {
          if ((response.statusCode ?? 500) >= 400) reject(new Error(`${method} ${path}: ${text.trim()}`));
          else resolve(isJson && text !== "" ? JSON.parse(text) : {});
        });
      });
      sent.once("error", reject);
      sent.end(body === undefined ? "" : JSON.stringify(body));
    });
}
