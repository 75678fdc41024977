import { describe } from "@jest/globals";
import fc from "fast-check";
import { confOf } from "../../../src/hosts/cni/conf-options.js";
import { parseVersions } from "../../../src/hosts/cni/parse-versions.js";
import { readConflist } from "../../../src/hosts/cni/read-conflist.js";
import { readResult } from "../../../src/hosts/cni/read-result.js";
import { refusedForNetworks } from "../../../src/hosts/cni/refused-options.js";
import { requireAsked } from "../../../src/hosts/cni/require-asked.js";
import type { CniAttachment } from "../../../src/hosts/cni/resources.js";
import { answerOrRefusal, anyText, fuzz, garbled } from "../../support/fuzz.js";

const text = anyText('{}[]":,/;= ');
const keys =
  "cniVersion name type plugins ips address gateway interface interfaces mac sandbox routes dst supportedVersions capabilities ipam";
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.constantFrom("1.1.0", "net", "10.1.0.0/24", "eth0", "02:00:00:00:00:01"), text),
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...keys.split(" ")), text), tie("value"), { maxKeys: 6 }),
})).object;
const result = {
  cniVersion: "1.0.0",
  interfaces: [{ name: "v0" }, { name: "eth0", mac: "02:00:00:00:00:01", sandbox: "/run/netns/a" }],
  ips: [{ address: "10.1.0.9/24", gateway: "10.1.0.1", interface: 1 }],
  routes: [{ dst: "0.0.0.0/0", gw: "10.1.0.1" }],
};
const said = fc.oneof(
  text,
  json.map((value) => JSON.stringify(value)),
  fc.tuple(fc.constant(result), json).map(([whole, more]) => JSON.stringify({ ...whole, ...more })),
  garbled(fc.constant(JSON.stringify(result)), '{}[]":,0'),
);
const attachment = {
  ...{ netns: "/run/netns/a", name: "eth0", addresses: ["10.1.0.9/24"] },
  list: { name: "net", plugins: [{ type: "fake" }] },
} as unknown as CniAttachment;

describe("what plug-ins of CNI print, and files of them", () => {
  fuzz("a result", said, (printed) => {
    answerOrRefusal(() => requireAsked(attachment, readResult("fake", printed)));
  });
  fuzz("versions", said, (printed) => {
    answerOrRefusal(() => parseVersions("fake", printed));
  });
  fuzz("a list", said, (printed) => {
    answerOrRefusal(() => readConflist(printed, "/a.conflist"));
  });
  fuzz("options", fc.dictionary(anyText(".-_{}[]"), anyText('{}[]":,.')), (options) => {
    answerOrRefusal(() => confOf(options, refusedForNetworks));
  });
});
