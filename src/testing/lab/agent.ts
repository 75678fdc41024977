import { type ChildProcess, spawn } from "node:child_process";
import { ownProgram } from "../../installation.js";

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A process inside a namespace that serves and calls ports there. */
export class Agent {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private calls = 0;

  /** `netns` as `ip netns` names it; absent: the namespace of the caller. */
  constructor(netns?: string) {
    const inside = netns === undefined ? [] : ["ip", "netns", "exec", netns];
    const [file = "", ...args] = [...inside, ...ownProgram("traffic-agent")];
    this.child = spawn(file, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.child.on("message", (reply: Reply) => {
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
  }

  /** Replies to tcp and udp callers of `port` with `<name> saw <their address>`. */
  async serve(name: string, port: number): Promise<void> {
    await this.ask("serve", name, port);
  }

  /** The server's words, or `no answer` after `patience` ms. */
  async call(protocol: "tcp" | "udp", address: string, port: number, patience = 0): Promise<string> {
    return String(await this.ask("call", { protocol, address, port, patience }));
  }

  /** A udp call from a port of the caller's choice, which hence continues an earlier one. */
  async callAgain(fromPort: number, address: string, port: number): Promise<string> {
    return String(await this.ask("call", { protocol: "udp", address, port, fromPort }));
  }

  /** One udp packet with a source address of the caller's choice, and a payload in hexadecimal digits; nobody waits for a reply. */
  async shout(from: string, address: string, port: number, payload?: string): Promise<void> {
    await this.ask("call", { protocol: "udp", address, port, from, payload });
  }

  /** The addresses from which its servers were called so far. */
  async callers(): Promise<readonly string[]> {
    return (await this.ask("callers")) as readonly string[];
  }

  /** Whether a ping gets a reply within a second. */
  async ping(address: string): Promise<boolean> {
    return (await this.ask("ping", address)) === true;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await gone;
  }

  private ask(verb: string, ...args: readonly unknown[]): Promise<unknown> {
    const id = this.calls++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(error))));
      this.child.send({ id, verb, args });
    });
  }
}
