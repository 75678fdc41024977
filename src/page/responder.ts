import type { IncomingMessage, ServerResponse } from "node:http";
import { describeSystemError } from "../errors/system-error.js";
import { TsdError } from "../errors/tsd-error.js";
import { Observer } from "./host/observer.js";
import type { Part } from "./host/seen.js";
import type { Surroundings } from "./host/surroundings.js";
import { Audience } from "./http/audience.js";
import type { Door, Visit } from "./http/door.js";
import { type Reply, send, sentence, types } from "./http/replies.js";
import { documentOf } from "./view/document.js";
import { explanationPart, failurePart } from "./view/explanation-part.js";
import type { Markup } from "./view/html.js";
import { pageScript } from "./view/page-script.js";
import { pageIcon, pageStyle } from "./view/page-style.js";
import { nameIn, targetsOf } from "./view/parties.js";
import { partsFrom, partsOf } from "./view/parts.js";

/** Questions at a time. Each opens tsd. */
const MOST_QUESTIONS = 4;
/** Milliseconds in which news gather, so that a busy host is drawn a few times a second at most. */
const GATHER = 200;
/** Characters of who calls and who is called. */
const LONGEST = 300;

const files: ReadonlyMap<string, Reply> = new Map([
  ["page.css", { status: 200, type: types.style, text: pageStyle }],
  ["page.js", { status: 200, type: types.script, text: pageScript }],
  ["icon.svg", { status: 200, type: types.icon, text: pageIcon }],
]);

/** Gives each request its reply. */
export class Responder {
  private readonly audience: Audience;
  private readonly observer: Observer;
  private questions = 0;
  private readonly news = new Set<Part>();
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    surroundings: Surroundings,
    private readonly door: Door,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    this.audience = new Audience(
      () => this.observer.watch(),
      () => this.observer.rest(),
    );
    this.observer = new Observer(surroundings, (part) => this.gather(part));
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
    const isHead = request.method === "HEAD";
    const visit = this.door.enter(request);
    if ("status" in visit) send(response, visit, isHead);
    else if (visit.path === "live" && !isHead) this.admit(response);
    else send(response, files.get(visit.path) ?? (await this.answer(visit)), isHead);
  }

  end(): void {
    clearTimeout(this.gathering);
    this.observer.rest();
    this.audience.end();
  }

  private admit(response: ServerResponse): void {
    if (this.audience.isFull) {
      send(response, sentence(503, "This page has as many readers as it serves."), false);
      return;
    }
    this.audience.admit(response);
    for (const part of ["look", "traffic", "changes"] as const) this.gather(part);
  }

  private gather(part: Part): void {
    if (this.audience.isEmpty) return;
    this.news.add(part);
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      const { seen } = this.observer;
      // What came before the first look is shown with it.
      if (seen.look === undefined && seen.fault === undefined) return;
      this.audience.show(partsFrom([...this.news], seen));
      this.news.clear();
    }, GATHER);
  }

  private async answer({ path, query }: Visit): Promise<Reply> {
    const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
    if (path === "explain") {
      const text = (await this.explain(from, to, query.has("pick"))).text;
      return { status: 200, type: types.html, text };
    }
    if (path !== "") return sentence(404, "There is no such part of this page.");
    const seen = await this.observer.glance();
    const isAsked = from !== "" && to !== "";
    const result = isAsked ? { result: await this.explain(from, to, false) } : {};
    const host = seen.look?.map.host ?? "this host";
    return { status: 200, type: types.html, text: documentOf(host, partsOf(seen), { from, to, ...result }) };
  }

  private async explain(from: string, to: string, isPicked: boolean): Promise<Markup> {
    if (from.length > LONGEST || to.length > LONGEST)
      return failurePart(`names have ${LONGEST} characters at most`, undefined);
    if (this.questions >= MOST_QUESTIONS) return failurePart("too many questions at a time", "Ask again in a moment.");
    this.questions += 1;
    try {
      const { look } = await this.observer.glance();
      const others = look === undefined ? [] : targetsOf(look.map, from, to.replace(/:\d+(\/\w+)?$/, ""));
      const called = (isPicked ? others[0] : undefined) ?? to;
      const names = { from: nameIn(look?.map, from), to: nameIn(look?.map, called) };
      return explanationPart({ from, to: called, names, others }, await this.observer.explain(from, called));
    } catch (thrown) {
      const error = describeSystemError(thrown);
      if (!TsdError.is(error)) throw error;
      return failurePart(error.message, error.hint);
    } finally {
      this.questions -= 1;
    }
  }
}
