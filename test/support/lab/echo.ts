import { resolve } from "node:path";
import type { Namespace } from "./namespace.js";

const agent = resolve("test/support/lab/echo-agent.mjs");

export interface EchoAddress {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

export interface EchoServer {
  close(): Promise<void>;
}

/** Starts a server in a namespace that replies to each request with the address the request came from. */
export async function serveEcho(namespace: Namespace, { protocol, address, port }: EchoAddress): Promise<EchoServer> {
  const argv = [process.execPath, agent, "serve", protocol, address, String(port)];
  const server = namespace.start(argv, { timeout: 120_000 });
  await server.saying("ready");
  return {
    close: async () => {
      server.kill("SIGKILL");
      await server.ended;
    },
  };
}

/**
 * Sends one request from a namespace; returns the address under which the server saw it, without port, or undefined when no
 * answer comes (refused, or nothing within `timeout` ms, default 1000).
 */
export async function askEcho(
  namespace: Namespace,
  { protocol, address, port }: EchoAddress,
  timeout = 1000,
): Promise<string | undefined> {
  const argv = [process.execPath, agent, "ask", protocol, address, String(port), String(timeout)];
  const { stdout, code } = await namespace.run(argv);
  return code === 0 ? stdout.split(" ")[0] : undefined;
}
