import { closeSync, fstatSync, statSync } from "node:fs";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { libc } from "../kernel/libc.js";
import { inNetns, openNetns } from "../kernel/netns/netns.js";
import { type BoundSockets, openSockets } from "../kernel/redirect/bound-sockets.js";
import type { Ports, Redirect } from "../kernel/redirect/redirect.js";
import type { NameServer } from "../names/name-server.js";
import type { Failure, Served } from "../service/messages.js";
import type { Work } from "../service/service-process.js";

/** 127.0.0.11, which every namespace has on its loopback device, and where images expect a name server since docker's is there. */
const ADDRESS = Uint8Array.of(127, 0, 0, 11);
const DNS_PORT = 53;

interface Listener {
  /** Of the namespace, whatever its path leads to by now. */
  readonly inode: string;
  readonly ports: Ports;
}

/** The sockets by which programs in namespaces ask for names. */
export class Listeners implements Work {
  private readonly open = new Map<string, Listener>();

  constructor(
    private readonly server: NameServer,
    private readonly redirect: Redirect,
  ) {}

  get size(): number {
    return this.open.size;
  }

  /** Listens in each namespace. */
  async begin(namespaces: readonly string[]): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    for (const netns of namespaces) {
      await this.listen(netns).catch((error: unknown) => failures.push(failureIn(netns, error)));
    }
    return failures;
  }

  /** Once settled, no socket keeps these namespaces alive. */
  async end(namespaces: readonly string[]): Promise<void> {
    for (const netns of namespaces.filter((one) => this.open.has(one))) {
      this.open.delete(netns);
      await boundaryOperation({ into: "netns", what: () => `close sockets in ${netns}` }, () =>
        this.server.close(netns),
      );
    }
  }

  /** Intact is one where its path leads to the namespace in which it listens, and the rules that lead port 53 to it are there. */
  list(namespaces: readonly string[]): readonly Served[] {
    const asked = namespaces.length === 0 ? [...this.open.keys()] : namespaces;
    return asked.flatMap((netns) => {
      const listener = this.open.get(netns);
      return listener === undefined ? [] : [{ subject: netns, isIntact: this.isIntact(netns, listener) }];
    });
  }

  private async listen(netns: string): Promise<void> {
    const namespace = openNetns(netns);
    try {
      const inode = inodeOf(fstatSync(namespace, { bigint: true }));
      // Another namespace has the path now.
      if (this.open.get(netns)?.inode !== inode) await this.end([netns]);
      const what = () => `listen in ${netns}`;
      boundaryOperation({ into: "netns", what }, () => this.listenNow(netns, { namespace, inode }));
    } finally {
      closeSync(namespace);
    }
  }

  private listenNow(netns: string, place: { readonly namespace: number; readonly inode: string }): void {
    const known = this.open.get(netns);
    const made = inNetns(place.namespace, () => {
      const sockets = known === undefined ? openSockets(ADDRESS) : undefined;
      try {
        const ports = known?.ports ?? (sockets as BoundSockets).ports;
        this.redirect.install({ address: ADDRESS, from: DNS_PORT, to: ports });
        return sockets;
      } catch (error) {
        if (sockets !== undefined) for (const descriptor of [sockets.udp, sockets.tcp]) libc().close(descriptor);
        throw error;
      }
    });
    if (made === undefined) return;
    this.open.set(netns, { inode: place.inode, ports: made.ports });
    this.server.serve(netns, made);
  }

  private isIntact(netns: string, { inode }: Listener): boolean {
    const status = statSync(netns, { bigint: true, throwIfNoEntry: false });
    if (status === undefined || inodeOf(status) !== inode) return false;
    return inNetns(netns, () => this.redirect.isInstalled());
  }
}

function inodeOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

function failureIn(netns: string, error: unknown): Failure {
  const hint = TsdError.is(error) ? error.hint : undefined;
  const message = String((error as { readonly message?: unknown } | undefined)?.message ?? error);
  return { subject: netns, message, ...(hint === undefined ? {} : { hint }) };
}
