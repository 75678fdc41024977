import type { Namespace } from "../lab/namespace.js";
import type { Program } from "../lab/program.js";

const LIFE = 3_600_000;
/** Of entries that a watch makes itself: the beginning of MAC addresses, and a neighbour. */
const OWN = "02:ff:ff:ff:00:";
const NEIGHBOUR = "198.51.100.99";

/** Changes of the routes, neighbours and entries of one tunnel, as the kernel reports them: ip-monitor(8), bridge(8). */
export class EntryWatch {
  readonly #read = new Map<Program, number>();
  #marks = 0;

  private constructor(
    private readonly host: Namespace,
    private readonly link: string,
    private readonly monitors: readonly Program[],
  ) {}

  static async start(host: Namespace, link: string): Promise<EntryWatch> {
    const monitors = [
      ["ip", "monitor", "route", "neigh"],
      ["bridge", "monitor", "fdb"],
    ].map((words) => host.start(words, { timeout: LIFE }));
    const watch = new EntryWatch(host, link, monitors);
    let isReady = false;
    const ready = Promise.all(monitors.map((monitor) => monitor.saying(OWN))).then(() => {
      isReady = true;
    });
    while (!isReady) await Promise.race([watch.#mark(), ready]);
    return watch;
  }

  /** Returns what was reported since the last time, a line each. */
  async changes(): Promise<readonly string[]> {
    const mark = await this.#mark();
    const news: string[] = [];
    for (const monitor of this.monitors) {
      const said = await monitor.saying(mark);
      news.push(...said.slice(this.#read.get(monitor)).split("\n"));
      this.#read.set(monitor, said.length);
    }
    return news.filter((line) => line.includes(this.link) && !line.includes(OWN) && !line.includes(NEIGHBOUR));
  }

  async stop(): Promise<void> {
    for (const monitor of this.monitors) {
      monitor.kill("SIGKILL");
      await monitor.ended;
    }
  }

  /** Makes entries that are reported after all that has changed before, and removes them; returns their MAC address. */
  async #mark(): Promise<string> {
    const mac = `${OWN}${(++this.#marks).toString(16).padStart(2, "0")}`;
    const { link } = this;
    await this.host.ip(`neigh replace ${NEIGHBOUR} lladdr ${mac} dev ${link}`, `neigh del ${NEIGHBOUR} dev ${link}`);
    for (const verb of ["replace", "del"])
      await this.host.mustRun(["bridge", "fdb", verb, mac, "dev", link, "dst", "192.0.2.99", "self"]);
    return mac;
  }
}
