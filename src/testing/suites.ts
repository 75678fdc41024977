import type { NatBackend, NetworkDriver } from "../api/index.js";
import { backendChapters } from "./backend/backend-chapters.js";
import { backendOnOwnHost } from "./backend/own-host.js";
import { CannotRun, type Chapter } from "./chapter.js";
import { kernelDriverChapters, pureDriverChapters } from "./driver/driver-chapters.js";
import type { DriverSubject } from "./driver/driver-subject.js";
import { ipamChapters } from "./ipam-chapters.js";
import { Lab } from "./lab/lab.js";
import { type LoadedExtension, loadFresh } from "./load-extension.js";
import type { NetworkVariant, VerifyOptions } from "./verify-options.js";

/** All chapters about one thing that an extension brings. */
export interface Suite {
  /** `driver bridge with icc=false`. */
  readonly subject: string;
  readonly chapters: readonly Chapter[];
}

export interface SuiteRequest extends LoadedExtension {
  readonly module: string;
  readonly verification: VerifyOptions;
  /** Why there is no lab; absent where the process is in namespaces of its own. */
  readonly noLab?: string;
}

/**
 * A suite for each thing that the extension brings. Packet filters come first, on a bare host; drivers share one lab, which the
 * first chapter that needs it opens.
 */
export async function* suitesOf(request: SuiteRequest): AsyncGenerator<Suite> {
  const { extension, module, own, noLab } = request;
  yield* backendSuites(request);
  yield* ipamSuites(request);
  const drivers = (extension.drivers ?? []).filter(({ type }) => !own || type === module);
  let lab: Promise<Lab> | undefined;
  const openLab = async (): Promise<Lab> => {
    if (noLab !== undefined) throw new CannotRun(noLab);
    if (own && drivers.some(({ capabilities }) => capabilities.singleton)) {
      throw new CannotRun("there is but one network of this driver, which nothing creates or removes");
    }
    const spansHosts = drivers.some(({ capabilities }) => capabilities.spansHosts);
    lab ??= Lab.open(own ? [] : [extension], spansHosts);
    return lab;
  };
  try {
    for (const driver of drivers) yield* driverSuites(request, driver, openLab);
  } finally {
    await (await lab)?.close();
  }
}

async function* backendSuites({ extension, module, verification, noLab }: SuiteRequest): AsyncGenerator<Suite> {
  for (const { name } of extension.natBackends ?? []) {
    const make = async (): Promise<NatBackend> => {
      const backend = (await loadFresh(module)).natBackends?.find((one) => one.name === name);
      if (backend === undefined)
        throw new Error(`the extension brings no packet filter ${name} when it is loaded again`);
      return backend;
    };
    const chapters = noLab === undefined ? backendChapters(await backendOnOwnHost(name, make)) : withoutLab(noLab);
    yield { subject: `packet filter ${name}`, chapters: chosen(chapters, verification) };
  }
}

function withoutLab(why: string): readonly Chapter[] {
  const run = (): void => {
    throw new CannotRun(why);
  };
  return [{ title: "Intents come and go", cases: [{ name: "does what packet filters do", run }] }];
}

function* ipamSuites({ extension, verification }: SuiteRequest): Generator<Suite> {
  for (const driver of extension.ipam ?? []) {
    for (const options of verification.ipamOptions ?? [{}]) {
      const subject = `IPAM driver ${driver.name}${wordsOf({ options })}`;
      yield { subject, chapters: chosen(ipamChapters({ driver, options }), verification) };
    }
  }
}

function* driverSuites(
  { verification, ...request }: SuiteRequest,
  driver: NetworkDriver,
  openLab: () => Promise<Lab>,
): Generator<Suite> {
  for (const [index, variant] of (verification.networks ?? [{}]).entries()) {
    const subject: DriverSubject = { ...request, verification, driver, variant };
    const chapters = [...pureDriverChapters(subject), ...kernelDriverChapters(subject, openLab, index === 0)];
    yield { subject: `driver ${driver.type}${wordsOf(variant)}`, chapters: chosen(chapters, verification) };
  }
}

function chosen(chapters: readonly Chapter[], { chapters: words }: VerifyOptions): readonly Chapter[] {
  if (words === undefined) return chapters;
  return chapters.filter(({ title }) => words.some((word) => title.toLowerCase().includes(word.toLowerCase())));
}

function wordsOf({ options = {}, internal, ipv6 = true }: NetworkVariant): string {
  const words = [
    ...Object.entries(options).map(([key, value]) => `${key}=${value}`),
    ...(internal === true ? ["internal"] : []),
    ...(ipv6 ? [] : ["IPv4 alone"]),
  ];
  return words.length === 0 ? "" : ` with ${words.join(", ")}`;
}
