import type { NetworkDriver } from "../api/index.js";
import { CannotRun, type Chapter } from "./chapter.js";
import { kernelDriverChapters, pureDriverChapters } from "./driver/driver-chapters.js";
import type { DriverSubject } from "./driver/driver-subject.js";
import { Lab } from "./lab/lab.js";
import type { LoadedExtension } from "./load-extension.js";
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

/** A suite for each thing that the extension brings. They share one lab, which the first chapter that needs it opens. */
export async function* suitesOf(request: SuiteRequest): AsyncGenerator<Suite> {
  const { extension, module, own, noLab } = request;
  let lab: Promise<Lab> | undefined;
  const openLab = async (): Promise<Lab> => {
    if (noLab !== undefined) throw new CannotRun(noLab);
    lab ??= Lab.open(own ? [] : [extension]);
    return lab;
  };
  try {
    const drivers = (extension.drivers ?? []).filter(({ type }) => !own || type === module);
    for (const driver of drivers) yield* driverSuites(request, driver, openLab);
  } finally {
    await (await lab)?.close();
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
