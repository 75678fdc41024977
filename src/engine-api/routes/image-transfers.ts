import { optional } from "../../commands/optional.js";
import { loadedText } from "../../presenters/loaded-text.js";
import { layerMessage, pulledLines, pullingMessage } from "../../presenters/pull-progress.js";
import { JsonLines } from "../http/json-lines.js";
import { begun, pour } from "../http/pour.js";
import { refusal } from "../http/refusal.js";
import { registryAuth } from "../requests/registry-auth.js";
import type { Call, Route } from "../router.js";

/** Images that come and go: from registries, as archives, as the files of a root file system. */
export const imageTransferRoutes: readonly Route[] = [
  { method: "POST", path: "/images/create", handler: create },
  { method: "POST", path: "/images/load", handler: load },
  { method: "GET", path: "/images/get", handler: (call) => save(call, call.exchange.query.texts("names")) },
  { method: "GET", path: "/images/{name*}/get", handler: (call) => save(call, [call.param("name")]) },
];

async function create(call: Call): Promise<void> {
  const { query } = call.exchange;
  if (query.text("fromImage") !== undefined) await withProgress(call, (lines) => pull(call, lines));
  else if (query.text("fromSrc") !== undefined) await withProgress(call, () => importFiles(call));
  else throw refusal(400, "fromImage or fromSrc is missing: where the image comes from");
}

/** Replies with what `work` notes, and ends with the lines that it returns. A client that leaves hears no more. */
async function withProgress({ exchange }: Call, work: (lines: JsonLines) => Promise<readonly object[]>): Promise<void> {
  const lines = new JsonLines(() => exchange.stream("application/json"));
  try {
    lines.end(await work(lines));
  } catch (error) {
    if (!lines.hasBegun) throw error;
    lines.fail(error);
  }
}

async function pull({ exchange, tsd }: Call, lines: JsonLines): Promise<readonly object[]> {
  const { query, left } = exchange;
  const pulled = await tsd.images.pull(imageName(query.text("fromImage") ?? "", query.text("tag")), {
    ...optional("platform", query.text("platform")),
    credentials: registryAuth(exchange.header("x-registry-auth")),
    signal: left,
    onFound: (reference) => lines.note("", pullingMessage(reference)),
    onProgress: (progress) =>
      lines.note(progress.layer, layerMessage(progress), { passing: progress.status === "downloading" }),
  });
  return pulledLines(pulled)
    .slice(0, 2)
    .map((status) => ({ status }));
}

/** A tag or a digest beside the name stands in the place of the name's own. docker takes a name without one for all tags. */
function imageName(name: string, tag: string | undefined): string {
  const [undigested = ""] = name.split("@", 1);
  const colon = undigested.indexOf(":", undigested.lastIndexOf("/") + 1);
  const bare = colon < 0 ? undigested : undigested.slice(0, colon);
  if (tag !== undefined) return `${bare}${tag.includes(":") ? "@" : ":"}${tag}`;
  if (bare !== name) return name;
  throw refusal(501, `tsd pulls one tag of ${name} at a time: name it, for example ${name}:latest`);
}

async function importFiles({ exchange, tsd }: Call): Promise<readonly object[]> {
  const { query } = exchange;
  const source = query.text("fromSrc");
  if (source !== "-") throw refusal(501, `tsd imports what a request holds, and fetches nothing from ${source}`);
  const [repository, tag] = [query.text("repo"), query.text("tag")];
  const name = repository === undefined || tag === undefined ? repository : `${repository}:${tag}`;
  const changes = query.texts("changes");
  const { id } = await tsd.images.import({ from: exchange.upload() }, name, {
    ...optional("changes", changes.length === 0 ? undefined : changes),
    ...optional("comment", query.text("message")),
  });
  return [{ status: `sha256:${id}` }];
}

async function load(call: Call): Promise<void> {
  const { exchange, tsd } = call;
  await withProgress(call, async () => {
    const images = await tsd.images.load({ from: exchange.upload() });
    return images.map((image) => ({ stream: loadedText(image) }));
  });
}

async function save({ exchange, tsd }: Call, names: readonly string[]): Promise<void> {
  const archive = await begun(tsd.images.save(names));
  await pour(archive, exchange.stream("application/x-tar"), exchange.left);
}
