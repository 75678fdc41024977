import type { ContainerStats, InterfaceTraffic, PortTraffic } from "../../api/index.js";

/** Rates that are kept of each network, the oldest first. */
const KEPT = 60;

/** Bytes per second, as containers see them. */
export interface Rates {
  readonly received: number;
  readonly sent: number;
}

export interface NetworkRates extends Rates {
  readonly name: string;
  /** Of both directions together, the present one last. */
  readonly history: readonly number[];
}

export interface PortRates extends Partial<Rates> {
  readonly owner: string;
  readonly port: PortTraffic;
}

/** What goes on between two measurements. */
export interface TrafficRates {
  /** By name. */
  readonly networks: readonly NetworkRates[];
  /** Undefined rates: the kernel does not count them, or it is the first measurement. */
  readonly ports: readonly PortRates[];
}

export const noTraffic: TrafficRates = { networks: [], ports: [] };

interface Counters {
  readonly received: number;
  readonly sent: number;
}

/** Makes rates of the counters of containers, which begin again with each run. */
export class TrafficMeter {
  private time = 0;
  private before = new Map<string, Counters>();
  private readonly histories = new Map<string, readonly number[]>();

  /** `time` is in milliseconds, on a clock that never goes back. */
  note(stats: readonly ContainerStats[], time: number): TrafficRates {
    const seconds = (time - this.time) / 1000;
    const counters = new Map<string, Counters>();
    const rateOf = (key: string, now: Counters): Rates | undefined => {
      counters.set(key, now);
      const earlier = this.before.get(key);
      if (earlier === undefined || seconds <= 0) return undefined;
      // A counter that is lower than before has begun again.
      const rate = (one: keyof Counters): number => Math.max(0, now[one] - earlier[one]) / seconds;
      return { received: rate("received"), sent: rate("sent") };
    };
    const interfaces = stats.flatMap((one) => one.interfaces.map((link) => ({ link, key: keyOf(one.id, link) })));
    const ports = stats.flatMap(({ id, name, ports: own }) =>
      own.map((port): PortRates => {
        const { received, sent } = port;
        const isCounted = received !== undefined && sent !== undefined;
        return { owner: name, port, ...(isCounted ? rateOf(portKey(id, port), { received, sent }) : {}) };
      }),
    );
    const networks = this.sum(
      interfaces.flatMap(({ link, key }) => {
        const rates = rateOf(key, { received: link.received.bytes, sent: link.sent.bytes });
        return link.network === undefined ? [] : [{ name: link.network, rates }];
      }),
    );
    this.time = time;
    this.before = counters;
    return { networks, ports };
  }

  /** What comes next has nothing before it. */
  forget(): void {
    this.before.clear();
    this.histories.clear();
  }

  private sum(links: readonly { readonly name: string; readonly rates: Rates | undefined }[]): readonly NetworkRates[] {
    const groups = [...Map.groupBy(links, ({ name }) => name)];
    const networks = groups.map(([name, own]): NetworkRates => {
      const total = (one: keyof Rates): number => own.reduce((sum, { rates }) => sum + (rates?.[one] ?? 0), 0);
      const [received, sent] = [total("received"), total("sent")];
      const history = [...(this.histories.get(name) ?? []), received + sent].slice(-KEPT);
      return { name, received, sent, history };
    });
    this.histories.clear();
    for (const { name, history } of networks) this.histories.set(name, history);
    return networks.toSorted((a, b) => Number(a.name > b.name) - Number(a.name < b.name));
  }
}

function keyOf(id: string, { interface: name }: InterfaceTraffic): string {
  return `${id} ${name}`;
}

function portKey(id: string, { protocol, hostIp = "", hostPort }: PortTraffic): string {
  return `${id} ${protocol} ${hostIp} ${hostPort}`;
}
