import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Explanation, HostMap } from "../../../src/api/index.js";
import { documentOf } from "../../../src/page/view/document.js";
import { driftPart } from "../../../src/page/view/drift-part.js";
import { explanationPart, failurePart } from "../../../src/page/view/explanation-part.js";
import { html } from "../../../src/page/view/html.js";
import { pageStyle } from "../../../src/page/view/page-style.js";
import { nameIn, partiesOf, targetsOf } from "../../../src/page/view/parties.js";
import { partsOf } from "../../../src/page/view/parts.js";
import { crowd, oddMap, sampleMap } from "../../support/map/sample-map.js";
import { seenOf } from "../../support/map/sample-page.js";
import { expectFile } from "../nat/golden-cases.js";

const dropped: Explanation = {
  hops: [
    { place: "container www", what: "sends by eth0" },
    { place: "forward", what: "from br-web to br-back: dropped", by: "last rule of chain inward" },
  ],
  verdict: { reaches: false, why: 'network "back" lets nobody in', hint: "Put both on one network." },
  cautions: ["nothing listens on 6379"],
};

function pageOf(map: HostMap): string {
  const result = explanationPart({ from: "www", to: "cache:6379/tcp", others: ["cache:6379/tcp", "cache"] }, dropped);
  return documentOf(map.host, partsOf(seenOf(map)), { from: "www", to: "cache", result });
}

test("the page of a host with something of everything", () => {
  expectFile("test/unit/page/page.golden.html", pageOf(sampleMap));
});

/** Tags of a text, with their attributes' names. */
function tagsOf(text: string): ReadonlySet<string> {
  const tags = [...text.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi)];
  return new Set(
    tags.flatMap(([, tag, attributes = ""]) => {
      return [...attributes.matchAll(/\s([a-z-]+)(?:="[^"]*")?/gi)]
        .map(([, name]) => `${tag} ${name}`)
        .concat(`${tag}`);
    }),
  );
}

/** The same names where HTML has most meaning. */
function marked(map: HostMap): HostMap {
  const mark = `"'><img src=x onerror=alert(1)><!--`;
  const rename = <T extends { readonly name: string }>(one: T): T => ({ ...one, name: `${mark}${one.name}` });
  return {
    ...map,
    host: mark,
    networks: map.networks.map(rename),
    stacks: map.stacks.map((stack) => ({
      ...stack,
      id: `${mark}${stack.id}`,
      containers: stack.containers.map(rename),
    })),
  };
}

test("names of all kinds bring no tag and no attribute that a harmless page does not have", () => {
  const known = tagsOf(pageOf({ ...sampleMap, stacks: [...sampleMap.stacks, ...crowd(14).stacks] }));
  const also = tagsOf(pageOf(sampleMap));
  for (const map of [oddMap, marked(sampleMap), marked(oddMap), marked(crowd(14))]) {
    expect(pageOf(map)).not.toMatch(/<img|<!--|<script>/);
    const strange = [...tagsOf(pageOf(map))].filter((tag) => !known.has(tag) && !also.has(tag));
    expect(strange).toEqual([]);
  }
});

test("values of any text are escaped, in elements and in attributes, in questions and in failures", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const others = [text];
      for (const { text: written } of [
        html`<i title="${text}">${text}</i>`,
        explanationPart({ from: text, to: text, others }, { ...dropped, cautions: [text] }),
        failurePart(text, text),
      ]) {
        const outside = written.replace(/<\/?[a-z0-9]+(\s+[a-z-]+="[^"<>]*")*>/g, "");
        expect(outside).not.toMatch(/[<>"]/);
      }
    }),
  );
});

test("the page has no style and no script of its own but the picture's style, which its policy allows by a hash", () => {
  const page = pageOf(sampleMap);
  expect(page).not.toMatch(/\sstyle=|\son[a-z]+=|javascript:|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  expect(page.match(/<style/g)).toHaveLength(1);
  expect(page.match(/<script[^>]*>/g)).toEqual(['<script src="page.js" defer>']);
  expect(pageStyle).not.toMatch(/url\(|@import/);
});

test("who is called is called at a published port: from outside the host's, from a container its own", () => {
  expect(targetsOf(sampleMap, "outside", "proxy")).toEqual(["203.0.113.2:80/tcp", "203.0.113.2:443/tcp", "proxy"]);
  expect(targetsOf(sampleMap, "www", "proxy")).toEqual(["proxy:80/tcp", "proxy:8443/tcp", "proxy"]);
  expect(targetsOf(sampleMap, "outside", "cache")).toEqual(["127.0.0.1:6379/tcp", "cache"]);
  expect(targetsOf(sampleMap, "www", "nobody")).toEqual([]);
});

test("a plan is cut as the differences are, and says how much is left out", () => {
  const drifts = [{ problem: "damaged", where: "table inet tsd", what: "rule missing: drop" }] as const;
  const planOf = (sends: readonly string[]) =>
    driftPart({ map: sampleMap, drifts, steps: [{ verb: "run", what: "all", sends }] }).text;
  expect(planOf(Array.from({ length: 99 }, () => "ip link"))).not.toContain("more lines");
  expect(planOf(Array.from({ length: 140 }, () => "ip link"))).toContain(
    "and 41 more lines: <code>tsd reload --dry-run",
  );
  const large = planOf(["x".repeat(1 << 20), "ip link"]);
  expect([large.length < 2000, large.includes("and 2 more lines")]).toEqual([true, true]);
});

test("a party whose name means another to tsd explain is asked about by its id, and shown by its name", () => {
  const [proxy] = sampleMap.stacks.filter(({ containers }) => containers[0]?.name === "proxy");
  const containers = proxy?.containers.map((one) => ({ ...one, id: "c0ffee", name: "outside" })) ?? [];
  const stacks = proxy === undefined ? [] : [{ ...proxy, containers }];
  const networks = sampleMap.networks.slice(0, 1).map((one) => ({ ...one, name: "outside" }));
  const map = { ...sampleMap, stacks, networks };
  expect(partiesOf(map).map(({ word, name }) => [word, name])).toEqual([
    ["outside", "outside"],
    ["host", "host"],
    ["c0ffee", "outside"],
    [networks[0]?.id, "outside"],
  ]);
  expect(["c0ffee", "c0ffee:80/tcp", "outside", "198.51.100.1:80"].map((one) => nameIn(map, one))).toEqual([
    "outside",
    "outside:80/tcp",
    "outside",
    "198.51.100.1:80",
  ]);
});
